"""Lists that somebody sends in as CSV or Excel: read within limits, cell by cell."""
