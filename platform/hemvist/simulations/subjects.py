"""What two versions are compared on: the programmes' entry rules, and every rule by its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hemvist.errors import Problem, ValidationFailed
from hemvist.policy import Label, Pack, PolicyError, Programme
from hemvist.policy.evaluation import environment

ENTRY, RULE = "entry", "rule"
#: In which of the versions a rule is.
BOTH, ADDED, REMOVED = "both", "added", "removed"


@dataclass(frozen=True, slots=True)
class Subject:
    """One question put to both versions. A version without the rule answers nothing."""

    kind: str
    programme: str | None
    old_rule: str | None
    new_rule: str | None
    label: Label
    programme_label: Label | None
    cite: tuple[str, ...]

    @property
    def key(self) -> str:
        """``entry:programme`` or ``rule:id``: unique in a comparison."""
        if self.kind == ENTRY:
            return f"{ENTRY}:{self.programme}"
        return f"{RULE}:{self.new_rule or self.old_rule}"

    @property
    def presence(self) -> str:
        """In which of the versions it is."""
        if self.old_rule is None:
            return ADDED
        return REMOVED if self.new_rule is None else BOTH


@dataclass(frozen=True, slots=True)
class Plan:
    """Two versions, the day they are judged on, and what they are compared on."""

    old: Pack
    new: Pack
    on: date
    programme: str | None
    subjects: tuple[Subject, ...]

    @property
    def compared(self) -> tuple[Subject, ...]:
        """The subjects that both versions answer."""
        return tuple(one for one in self.subjects if one.presence == BOTH)

    def facts_of(self, subject: Subject) -> frozenset[str]:
        """What either version can look at to answer."""
        return frozenset(
            fact
            for pack, rule in ((self.old, subject.old_rule), (self.new, subject.new_rule))
            if rule is not None
            for fact in pack.facts_of(rule)
        )


def make_plan(
    old: Pack, new: Pack, on: date, *, programme: str | None = None, rules: Sequence[str] = ()
) -> Plan:
    """What is compared: everything, or one programme's rules, or the named rules.

    Raises ``ValidationFailed`` when the versions are of different packs, when one of them cannot be
    asked on the day, or when neither has a named programme or rule.
    """
    problems = list(_day_problems(old, new, on))
    if old.name != new.name:
        problems.append(
            Problem("newVersion", "several_packs", "the two versions are of different guidelines")
        )
    if programme is not None and programme not in {**old.programmes, **new.programmes}:
        problems.append(
            Problem("programme", "unknown_programme", "neither version has the programme")
        )
    known = {*_rules(old), *_rules(new)}
    problems += [
        Problem(
            f"rules[{place}]", "unknown_rule", f"neither version has a rule {rule[:60]!r} in force"
        )
        for place, rule in enumerate(rules)
        if rule not in known
    ]
    if problems:
        raise ValidationFailed(problems)
    subjects = [*_entries(old, new, programme), *_by_id(old, new)]
    if programme is not None:
        wanted = {
            *_rules_of(old, old.programmes.get(programme)),
            *_rules_of(new, new.programmes.get(programme)),
        }
        subjects = [one for one in subjects if one.kind == ENTRY or _id(one) in wanted]
    if rules:
        subjects = [one for one in subjects if one.kind == RULE and _id(one) in set(rules)]
    return Plan(old, new, on, programme, tuple(subjects))


def _id(subject: Subject) -> str:
    return str(subject.new_rule or subject.old_rule)


def _day_problems(old: Pack, new: Pack, on: date) -> Iterator[Problem]:
    for pack in (old, new):
        try:
            environment(pack, {}, on)
        except PolicyError as wrong:
            early = on < pack.in_force.start
            yield Problem(
                "judgedOn",
                "before_version" if early else wrong.rule,
                wrong.message,
                {"version": pack.version, "start": pack.in_force.start.isoformat()},
            )


def _rules(pack: Pack) -> Mapping[str, None]:
    return dict.fromkeys(id for id, rule in pack.rules.items() if rule.active)


def _entries(old: Pack, new: Pack, wanted: str | None) -> Iterator[Subject]:
    for name in dict.fromkeys([*new.programmes, *old.programmes]):
        if wanted not in (None, name):
            continue
        before, after = old.programmes.get(name), new.programmes.get(name)
        shown, pack = (after, new) if after is not None else (before, old)
        assert shown is not None
        rule = pack.rule(shown.entry)
        yield Subject(
            ENTRY,
            name,
            before.entry if before is not None else None,
            after.entry if after is not None else None,
            rule.label,
            shown.label,
            rule.cite,
        )


def _by_id(old: Pack, new: Pack) -> Iterator[Subject]:
    before, after = _rules(old), _rules(new)
    for id in dict.fromkeys([*after, *before]):
        rule = (new if id in after else old).rules[id]
        yield Subject(
            RULE,
            None,
            id if id in before else None,
            id if id in after else None,
            rule.label,
            None,
            rule.cite,
        )


def _rules_of(pack: Pack, programme: Programme | None) -> set[str]:
    """The rules that a programme leads to, and those that they refer to."""
    if programme is None:
        return set()
    named = [programme.entry, *(one.rule for one in programme.decisions if one.rule)]
    if programme.end_of_follow_up is not None:
        named.append(programme.end_of_follow_up.rule)
    named += [one.rule for one in programme.exits if one.rule]
    found: set[str] = set()
    waiting = list(named)
    while waiting:
        id = waiting.pop()
        if id in found or id not in pack.rules:
            continue
        found.add(id)
        nodes = [pack.rules[id]]
        while nodes:
            node = nodes.pop()
            nodes += [*node.children, *node.unless]
            if node.ref is not None:
                waiting.append(node.ref)
    return found
