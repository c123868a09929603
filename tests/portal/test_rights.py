"""What pages call the reader's rights: every name is an action of the API, and every one is used."""

from __future__ import annotations

import re
from pathlib import Path

import hemvist_portal
from hemvist.identity import Action
from hemvist_portal.rights import FLAGS, with_flags

_FOLDER = Path(hemvist_portal.__file__).parent


def test_each_name_is_an_action_of_the_api() -> None:
    assert set(FLAGS.values()) <= {one.value for one in Action}
    assert len(set(FLAGS.values())) == len(FLAGS)


def test_pages_use_these_names_and_no_others() -> None:
    """A name that is unknown would fail when its page is opened; one that is unused is left over."""
    pages = "\n".join(path.read_text() for path in _FOLDER.rglob("*.html"))
    used = set(re.findall(r"frame\.(may\w+)", pages))
    for path in (*(_FOLDER / "routes").glob("*.py"), _FOLDER / "menu.py"):
        used |= set(re.findall(r"\"(may[A-Z]\w+)\"", path.read_text()))
    assert used == set(FLAGS)


def test_only_what_the_api_gives_is_true() -> None:
    frame = with_flags({"name": "Ada", "actions": ["referral.draft", "case.read"]})
    assert frame["name"] == "Ada"
    assert {flag for flag in FLAGS if frame[flag]} == {"mayDraft", "mayReadCase"}
