"""What an assessment says, in words for the one it is about."""
