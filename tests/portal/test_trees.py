"""A trace as a tree."""

from __future__ import annotations

from hemvist_portal.trees import as_tree


def test_nodes_stand_under_their_parents() -> None:
    """Order is kept, and a node whose parent is not shown stands at the top."""
    tree = as_tree(
        [
            {"path": "a", "parent": None},
            {"path": "a/b", "parent": "a"},
            {"path": "a/b/c", "parent": "a/b"},
            {"path": "a/d", "parent": "a"},
            {"path": "x", "parent": "gone"},
        ]
    )
    assert [node["path"] for node in tree] == ["a", "x"]
    assert [node["path"] for node in tree[0]["children"]] == ["a/b", "a/d"]
    assert tree[0]["children"][0]["children"][0]["path"] == "a/b/c"
