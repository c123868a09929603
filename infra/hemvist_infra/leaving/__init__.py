"""A kommun leaves with its data, or comes with them: export, import and erasure. See docs/leaving.md.

Everything is read and written as the tables' owner inside one kommun: row security binds the owner too, so
that no statement here reaches another kommun's rows.
"""
