"""A kommun's own versions of its guidelines: drafted, checked, approved by another, in force.

``packs_of(session)`` is how the rest of the platform gets at packs: the installed ones and the
kommun's own.
"""

from hemvist.pack_versions.library import PackLibrary, installed, packs_of

__all__ = ["PackLibrary", "installed", "packs_of"]
