"""A kommun's life on this installation: from its first file to the day it is open."""
