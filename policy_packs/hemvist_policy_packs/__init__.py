"""Kommuner's guidelines as policy packs: one folder per guideline, found by its ``pack.yaml``.

``coverage.csv`` lists every id of the rule catalogue, in its order. ``pack`` is the pack that carries the
id, ``carried_by`` the kind of element that does most of it, and ``where`` every element that names the id
under ``covers``, as ``Pack.covers`` has it. Without a pack the id is carried by the platform itself
(``core``, ``portal``), and ``where`` names modules, fields of the schema, pages and tests; or by ``none``,
and ``note`` says why. ``kept_by`` names, for an id that a pack carries, the part of the platform where the
act that it speaks of is kept: a service, fields and a test.
"""
