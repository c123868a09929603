"""The second back end: a whole caseload at once, in numpy columns.

``Columns`` is a table of facts, one column per fact. ``evaluate_columns`` judges every row by a
pack's rules with the same meaning as ``hemvist.policy.evaluate`` has for one case; the property
tests hold both to it. Pure, as the first one is.
"""

from hemvist.policy.columns.column import Column, Lists, Numbers, Truths, Words
from hemvist.policy.columns.judging import Judged, Question, evaluate_columns, judge
from hemvist.policy.columns.table import Columns
from hemvist.policy.columns.transitions import transitions

__all__ = [
    "Column",
    "Columns",
    "Judged",
    "Lists",
    "Numbers",
    "Question",
    "Truths",
    "Words",
    "evaluate_columns",
    "judge",
    "transitions",
]
