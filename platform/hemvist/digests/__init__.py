"""Weekly digests (veckobrev) by mail."""
