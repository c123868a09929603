"""A trace as a tree."""

from __future__ import annotations

from hemvist_portal.trees import as_tree


def test_nodes_stand_under_their_parents() -> None:
    """Order is kept, and a node whose parent is not shown stands at the top."""
    tree = as_tree(
        [
            {"path": "a", "parent": None, "outcome": "unknown"},
            {"path": "a/b", "parent": "a", "outcome": "true"},
            {"path": "a/b/c", "parent": "a/b", "outcome": "true"},
            {"path": "a/d", "parent": "a", "outcome": "unknown"},
            {"path": "x", "parent": "gone", "outcome": "false"},
        ]
    )
    assert [node["path"] for node in tree] == ["a", "x"]
    assert [node["path"] for node in tree[0]["children"]] == ["a/b", "a/d"]
    assert tree[0]["children"][0]["children"][0]["path"] == "a/b/c"


def test_what_need_not_be_known_is_moot() -> None:
    """Unknown under something settled, however deep; the settled ones themselves are not."""
    tree = as_tree(
        [
            {"path": "a", "parent": None, "outcome": "false"},
            {"path": "a/b", "parent": "a", "outcome": "unknown"},
            {"path": "a/b/c", "parent": "a/b", "outcome": "unknown"},
            {"path": "a/d", "parent": "a", "outcome": "false"},
            {"path": "e", "parent": None, "outcome": "unknown"},
        ]
    )
    first = tree[0]["children"][0]
    assert first["moot"] and first["children"][0]["moot"]
    assert not tree[0]["moot"] and not tree[0]["children"][1]["moot"] and not tree[1]["moot"]
