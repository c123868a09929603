"""The one way in which an answer is written down, so that two answers can be compared byte for byte.

What stands here is spelled out key by key and numbered: what the engine comes to show of an answer
may grow, but a record that was written years ago is compared with what was promised then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hemvist.policy.evaluation import Evaluation

#: Raised when the form below changes; a record says by which it was written.
FORMAT = 1
_NODE_KEYS = (
    *("id", "cite", "label", "outcome", "value", "because", "path", "parent", "kind", "force"),
)
_REASON_KEYS = ("fact", "value", "kind")


def canonical_json(value: object) -> str:
    """``value`` as JSON with sorted keys, no needless spaces, and letters as they are."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def canonical_answer(answer: Evaluation, on: date) -> str:
    """The whole answer to one question: rule, day, version, outcome, what it asks, and the trace."""
    return canonical_json(
        {
            "format": FORMAT,
            "rule": answer.rule,
            "on": on.isoformat(),
            "version": answer.version,
            "outcome": answer.outcome.value,
            "ask": list(answer.ask),
            "trace": canonical_trace(node.as_json() for node in answer.trace),
        }
    )


def canonical_trace(nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """A trace as JSON data with the keys of the format and no others."""
    return [
        {
            **{key: node[key] for key in _NODE_KEYS},
            "because": [{key: one[key] for key in _REASON_KEYS} for one in node["because"]],
        }
        for node in nodes
    ]
