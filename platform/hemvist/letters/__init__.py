"""Letters (brev, handlingar) of a case: drafted from its records, looked at, released by a person."""
