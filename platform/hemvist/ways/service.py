"""The way of a case: which stations its programme has, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from hemvist.assessments.guarding import facts_for
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.models import FIRST_HAND
from hemvist.milestones.service import earliest_takeover
from hemvist.policy import Label, Outcome, Pack, Programme, add_days, add_months, evaluate
from hemvist.policy.params import Span
from hemvist.tenancy import TenantSession
from hemvist.ways.known import Known, known_of
from hemvist.ways.stations import Reason, Station

#: Steps of a programme's order that are stations, with the event that reaches each.
STEPS = {
    "support": "support_granted",
    "referral": "referral_registered",
    "offer": "offer_accepted",
    "housing": "decision_granted",
    "contract": "contract_signed",
}
#: What has come on the way to a step while it is not reached: the first of them that has.
_ON_THE_WAY = {
    "support": (("support_refused", "refused"),),
    "referral": (("referral_submitted", "waits_for_registration"),),
    "offer": (("offer_made", "waits_for_answer"),),
    "housing": (("decision_refused", "refused"),),
}
#: States of a takeover in which the landlord has yet to agree, as what is missing.
_OWNER = {
    "asked": "landlord_asked",
    "refused": "landlord_refused",
    "tribunal": "tribunal_tries",
    "waiting": "landlord_not_asked",
}


def way_of(session: TenantSession, case: Case, *, inside: bool = True) -> list[Station]:
    """The stations from support to a lease of one's own, in order; none while no programme is chosen
    or where it leads to no home.

    Which there are follows from the guideline alone. ``inside`` says whether the reader may know what
    the rules of the investigation say. Of a closed case only what happened is left.
    """
    pack = pack_of(case)
    if case.programme is None or case.programme not in pack.programmes:
        return []
    programme = pack.programme(case.programme)
    if programme.contract is None:
        return []
    way = _Way(session, case, pack, known_of(session, case), inside)
    stations = list(way.stations(programme))
    if case.state != "open":
        return [one for one in stations if one.state == "done"]
    return _placed(stations)


def _upwards(path: str | None, above: Mapping[str, str | None]) -> Iterator[str]:
    """A node of a trace and all that it stands under."""
    while path is not None:
        yield path
        path = above.get(path)


def _either(labels: list[Label]) -> Label:
    """Alternatives in one line."""
    return Label(" eller ".join(one.sv for one in labels), " or ".join(one.en for one in labels))


def _placed(stations: list[Station]) -> list[Station]:
    """Say of the first that is not done that it is next, or that something is missing for it."""
    for index, one in enumerate(stations):
        if one.state != "done":
            first = replace(one, state="missing" if one.because else "now")
            return [*stations[:index], first, *stations[index + 1 :]]
    return stations


class _Way:
    """One case's stations."""

    def __init__(
        self, session: TenantSession, case: Case, pack: Pack, known: Known, inside: bool
    ) -> None:
        self._session, self._case, self._pack, self._known = session, case, pack, known
        self._inside, self._today = inside, today()

    def stations(self, programme: Programme) -> Iterator[Station]:
        """All of them: how it began, the home, the way on."""
        climbed = [one for one in self._known.takeovers if one.programme != programme.id]
        climbed = [one for one in climbed if one.state == "done"]
        yield from self._before()
        order = [step for step in programme.order if step in STEPS]
        for step in order:
            if step != "contract" or not climbed:
                yield self._step(step, programme)
            if step == "contract" and not climbed:
                yield from self._moved_in()
            if step == "contract" and climbed:
                yield from self._climbed(programme)
        yield from self._guarantee(programme)
        if self._known.lost is not None:
            lost = self._known.lost
            yield Station("contract_ended", "done", lost.ended_on, subject=("contract", lost.id))
            yield from self._another_home(programme)
        yield from self._way_on(programme)

    def _another_home(self, programme: Programme) -> Iterator[Station]:
        """After the loss of a home, where the guideline offers another in the same programme."""
        for exit in programme.exits:
            if exit.to == programme.id:
                because = self._told_inside(exit.rule)
                yield Station("another_home", because=because, label=exit.label)
                return

    def _before(self) -> Iterator[Station]:
        """The homes of the programmes that led to this one."""
        labels = {
            one.contract.form: one.contract.label
            for one in self._pack.programmes.values()
            if one.contract is not None
        }
        for one in self._known.earlier:
            label, subject = labels.get(one.form), ("contract", one.id)
            yield Station("earlier_home", "done", one.starts_on, label=label, subject=subject)

    def _step(self, step: str, programme: Programme) -> Station:
        on = self._known.days.get(STEPS[step])
        label = None
        subject = None
        if step == "contract" and programme.contract is not None:
            label = programme.contract.label
            if self._known.contracts:
                subject = ("contract", self._known.contracts[0].id)
            if self._is_own(programme):
                step = "own_lease"
        if on is not None:
            return Station(step, "done", on, label=label, subject=subject)
        because = [
            Reason(code, "false" if code == "refused" else "unknown")
            for event, code in _ON_THE_WAY.get(step, ())
            if event in self._known.days
        ]
        return Station(step, because=tuple(because), label=label)

    def _moved_in(self) -> Iterator[Station]:
        on = self._known.days.get("moved_in")
        first = self._known.contracts[0] if self._known.contracts else None
        if on is None and first is not None and first.starts_on <= self._today:
            on = first.starts_on
        begins = None if on is not None or first is None else first.starts_on
        yield Station("moved_in", "later" if on is None else "done", on, begins)

    def _climbed(self, programme: Programme) -> Iterator[Station]:
        """The homes before this programme's: each programme that was gone through, and its takeover."""
        done = [one for one in self._known.takeovers if one.state == "done"]
        for index, one in enumerate(done):
            before = self._known.contract(one)
            rules = self._pack.programmes.get(one.programme)
            if index == 0 and before is not None:
                form = None if rules is None or rules.contract is None else rules.contract.label
                yield Station(
                    "contract",
                    "done",
                    before.signed_on,
                    label=form,
                    subject=("contract", before.id),
                )
                yield Station("moved_in", "done", before.starts_on)
            yield Station(
                "own_lease" if self._is_own(programme) else "next_programme",
                "done",
                one.taken_over_on,
                label=None if programme.contract is None else programme.contract.label,
                subject=("takeover", one.id),
            )

    def _guarantee(self, programme: Programme) -> Iterator[Station]:
        if programme.guarantee is None:
            return
        row = self._known.guarantees[-1] if self._known.guarantees else None
        label = programme.guarantee.label
        code = "surety" if programme.guarantee.kind == "borgen" else "guarantee"
        if row is None:
            yield Station(code, label=label)
            yield Station(f"{code}_ends")
            return
        subject = ("guarantee", row.id)
        yield Station(code, "done", row.issued_on, label=label, subject=subject)
        if row.ended_on is not None:
            yield Station(f"{code}_ends", "done", row.ended_on, subject=subject)
        else:
            ends = row.notice_ends_on or row.ends_on
            yield Station(f"{code}_ends", expected_on=ends, subject=subject)

    def _way_on(self, programme: Programme) -> Iterator[Station]:
        """The takeover, else the programme that this one leads on to; and what comes after."""
        if programme.takeover is not None:
            yield from self._takeover(programme)
        elif not self._is_own(programme):
            yield from self._leads_on(programme)
        yield from self._after_care(programme)
        yield from self._end_of_follow_up(programme)

    def _takeover(self, programme: Programme) -> Iterator[Station]:
        rules = programme.takeover
        assert rules is not None
        row = self._known.takeover(programme.id)
        running = self._known.running
        subject = None if row is None else ("takeover", row.id)
        done = row is not None and row.state == "done"
        open_now = running is not None and not done
        earliest = None if row is None else row.eligible_on
        if open_now and earliest is None:
            earliest = earliest_takeover(self._session, self._case, rules)
        come = earliest is not None and (done or earliest <= self._today)
        # A guideline without a shortest time has no such day, unless somebody has put it off.
        if rules.after is not None or (open_now and not come and earliest is not None):
            yield Station(
                "takeover_day",
                "done" if come else "later",
                earliest if come else None,
                None if come else earliest,
                subject=subject,
            )
        if "landlord" in rules.decided_by and not rules.owner_bound:
            agreed = done or (row is not None and row.state == "agreed")
            on = None if row is None else row.tribunal_decided_on or row.answered_on
            state = "waiting" if row is None else row.state
            asked = _OWNER.get(state) if running is not None and not agreed else None
            outcome = "false" if asked == "landlord_refused" else "unknown"
            yield Station(
                "landlord",
                "done" if agreed else "later",
                (on or (row.taken_over_on if row and done else None)) if agreed else None,
                because=(Reason(asked, outcome),) if asked else (),
                subject=subject,
            )
        following = self._next(programme, rules.rule)
        form = None if following is None or following.contract is None else following.contract.label
        yield Station(
            "own_lease" if self._own_after(following) else "next_programme",
            "done" if done else "later",
            row.taken_over_on if row is not None and done else None,
            None if done or not open_now or come else earliest,
            because=self._unmet(rules.rule) if open_now else (),
            label=form,
            subject=subject,
        )
        if following is not None and not done:
            yield from self._guarantee(following)
            yield from self._way_on(following)

    def _leads_on(self, programme: Programme) -> Iterator[Station]:
        """Programmes that its ways out lead to: a lease of one's own, or a step nearer to it.

        Ways out to the same kind of home are one station: the household takes one of them.
        """
        ways: dict[str, list[tuple[Programme, str | None]]] = {}
        seen = {programme.id}
        for exit in programme.exits:
            if exit.to is None or exit.to in seen or exit.to not in self._pack.programmes:
                continue
            seen.add(exit.to)
            to = self._pack.programme(exit.to)
            code = "own_lease" if self._is_own(to) else "next_programme"
            ways.setdefault(code, []).append((to, exit.rule))
        for code, found in ways.items():
            because: tuple[Reason, ...] = ()
            if self._known.running is not None:
                lacking = [self._told_inside(rule) for _, rule in found]
                # Where nothing stands in one way, it does not matter what stands in another.
                if all(lacking):
                    because = tuple(dict.fromkeys(one for reasons in lacking for one in reasons))
            yield Station(code, because=because, label=_either([to.label for to, _ in found]))

    def _after_care(self, programme: Programme) -> Iterator[Station]:
        """Support that goes on for a time after the lease was taken over."""
        for one in programme.obligations:
            if one.anchor != "lease_taken_over" or one.within is None:
                continue
            taken, ended = (self._known.days.get(k) for k in ("lease_taken_over", "support_ended"))
            if ended is not None and taken is not None and ended >= taken:
                yield Station("after_care", "done", ended, label=one.label)
            else:
                ends = None if taken is None else self._after(taken, one.within)
                yield Station("after_care", expected_on=ends, label=one.label)
            return

    def _end_of_follow_up(self, programme: Programme) -> Iterator[Station]:
        rules = programme.end_of_follow_up
        if rules is None:
            return
        ended = self._known.days.get("follow_up_ended")
        if ended is not None:
            yield Station("follow_up_ends", "done", ended, label=rules.label)
            return
        here = programme.id == self._case.programme and self._known.running is not None
        began = None
        if here and self._known.running is not None:
            # From moving in, unless the guideline's rule counts from the signature.
            signed = "contract_signed_on" in self._pack.facts_of(rules.rule)
            lease = self._known.running
            began = lease.signed_on if signed else lease.starts_on
        yield Station(
            "follow_up_ends",
            expected_on=None if began is None else self._after(began, rules.after),
            because=self._told_inside(rules.rule) if here else (),
            label=rules.label,
        )

    def _told_inside(self, rule: str | None) -> tuple[Reason, ...]:
        """What a rule of the investigation lacks, for those who may know."""
        return self._unmet(rule) if self._inside else ()

    def _unmet(self, rule: str | None) -> tuple[Reason, ...]:
        """The conditions that a rule lacks; not those beside another that is met in their place."""
        if rule is None or self._case.programme is None:
            return ()
        programme = self._pack.programme(self._case.programme)
        facts = facts_for(self._session, self._case, programme, self._today)
        trace = evaluate(self._pack, rule, facts, self._today).trace
        met = {node.path for node in trace if node.outcome is Outcome.TRUE}
        above = {node.path: node.parent for node in trace}
        found: dict[str, Reason] = {}
        for node in trace:
            if node.because and not met.intersection(_upwards(node.path, above)):
                found[node.id] = Reason(node.id, node.outcome.value, node.label)
        return tuple(found.values())

    def _after(self, day: date, span: Span | None) -> date | None:
        if span is None:
            return None
        shift = add_months if span.unit == "months" else add_days
        return shift(day, self._pack.number(span.count, day))

    def _next(self, programme: Programme, rule: str | None) -> Programme | None:
        """Where the takeover's own way out leads, if to another programme."""
        for exit in programme.exits:
            if exit.to is not None and exit.to != programme.id and exit.rule == rule:
                return self._pack.programme(exit.to)
        return None

    @staticmethod
    def _is_own(programme: Programme) -> bool:
        """Whether its contract is a lease of one's own: not one that is taken over in its turn."""
        rules = programme.contract
        return rules is not None and rules.kind in FIRST_HAND and programme.takeover is None

    def _own_after(self, following: Programme | None) -> bool:
        """Whether a takeover gives a lease of one's own: so where it leads nowhere else."""
        return following is None or self._is_own(following)
