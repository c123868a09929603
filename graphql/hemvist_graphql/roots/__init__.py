"""The root fields of the query, a module for each concept; ``query`` puts them together."""
