"""The Helsingborg pack with what other packs have, for tests: milestones, a takeover, a landlord's choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hemvist.policy import Pack
from hemvist.policy.loading.parts import name_of
from hemvist_registry import copies, discovered, installed, rewrite
from hemvist_world import PACK

_ADDED = """
    milestones:
      - id: planning
        label: {sv: Planeringsmöte, en: Planning meeting}
        event: planning_meeting_held
        by: [referring, resident]
        agenda:
          - {id: goals, label: {sv: Mål, en: Goals}}
          - {id: support, label: {sv: Stöd, en: Support}}
      - id: inspection
        label: {sv: Besiktning, en: Inspection}
        event: inspection_done
        by: [property]
      - id: takeover
        label: {sv: Övertagande av kontraktet, en: Takeover of the lease}
        event: lease_taken_over
        by: [property]
      - id: notice
        label: {sv: Uppsägning, en: Notice}
        event: notice_given
        by: [property, landlord]
    takeover:
      cite: RL §4.3
      label: {sv: Till förstahandskontrakt, en: To a first-hand lease}
      after: {days: 60}
      from: moved_in
      rule: trial_over
      decided_by: [landlord]
      agrees: [landlord, resident]
      steps:
        - {id: told, label: {sv: Den boende är tillfrågad, en: The resident has been asked}}
      notices:
        - id: told_owner
          label: {sv: Ägaren är underrättad, en: The owner has been told}
          before: lease_taken_over
    obligations:
      - id: plan_reconciled
        label: {sv: Avstämning, en: Reconciliation}
        cite: RL §4.1
        from: planning_meeting_held
        within: {months: 1}
        by: [referring]
"""
_MOVES = """        - from: housed
          on: inspection_done
          to: tenant_only
          guard: trial_over
          cite: RL §4.3
        - {from: housed, on: follow_up_ended,"""
_RULE = """
facts:
  trial_managed:
    type: bool
    label: {sv: Provtiden har gått bra, en: The trial has gone well}
rules:
  - id: trial_over
    cite: RL §4.3
    label: {sv: Provtiden är slut, en: The trial is over}
    when: h.trial_managed
"""


def with_milestones(folder: Path) -> Pack:
    """A copy of the pack in ``folder`` that has them, under its own name and version."""
    own = next(found for found in copies(folder) if name_of(found) == PACK)

    def change(text: str) -> str:
        text = text.replace("    obligations:\n", _ADDED, 1)
        text = text.replace(
            "      mode: single\n", "      mode: single\n      landlord_picks: 2\n", 1
        )
        text = text.replace("        - {from: housed, on: follow_up_ended,", _MOVES, 1)
        return (
            text.replace("support, referral,", "support, planning_meeting_held, referral,", 1)
            + _RULE
        )

    return rewrite(own, change, "municipal_contract.yaml")


@contextmanager
def milestones_installed() -> Iterator[Pack]:
    """The pack with milestones is installed in place of its own, beside all the others."""
    with TemporaryDirectory() as folder:
        pack = with_milestones(Path(folder))
        others = [one for one in discovered().packs() if one.name != PACK]
        with installed([pack, *others]):
            yield pack
