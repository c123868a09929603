"""The sheet for the applicant in the schema."""
