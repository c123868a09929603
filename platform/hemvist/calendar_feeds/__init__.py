"""Calendar feeds (kalenderprenumerationer) of what is due."""
