"""Files of rents, arrears and the time that the law gives, in the schema."""
