"""The ledger of a network of protected moves: taken minus sent, and what may be told of it."""
