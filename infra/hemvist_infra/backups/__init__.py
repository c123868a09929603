"""Backups (säkerhetskopior) of the database, restoring, and the drill that proves it. See docs/backups.md.

A folder of backups (``store``) holds base backups and the write-ahead log since, each file sealed to a
key whose private half is kept elsewhere (``boxes``). ``base`` and ``receiving`` fill it over the replication
protocol, ``restoring`` makes a data folder of it, ``instance`` runs that one apart from everything, and
``drill`` proves what came back.
"""
