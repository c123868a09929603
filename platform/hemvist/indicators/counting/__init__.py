"""What is counted: facts, each a pure function of one case's rows."""
