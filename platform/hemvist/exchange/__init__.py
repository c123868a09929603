"""A network's own side: its board, rounds, clearings and moves, which no kommun and no person reads.

All of it lies in the network's own tenant and is reached by the audience ``hemvist_exchange`` alone;
who is in a move is sealed there too.
"""
