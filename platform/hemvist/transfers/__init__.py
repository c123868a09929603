"""Protected moves between kommuner (skyddad flytt), as one kommun has them.

Nothing here is of another kommun. What goes to the network and comes back are letters, sealed to
whom they are for and all of one size; see ``hemvist.exchange`` for the other end.
"""
