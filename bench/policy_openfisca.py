"""The twelve rules in openfisca-core, which knows no unknown: a missing answer is a default.

Debts are its persons and cases its groups; each case has one debt of nothing, since a group may
not be empty. Every rule is a variable with a formula over whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from policy_cases import LONG_AGO, OBSTACLES, RULES

from hemvist.policy.columns import Columns, Lists, Numbers, Truths, Words

_PERIOD = "2026-09"
_DEBT = build_entity("debt", "debts", "A debt", is_person=True)
_CASE = build_entity("file", "files", "A case", roles=[{"key": "holder"}])

Found = npt.NDArray[Any]
#: The rules as people write them there: ``case`` gives a variable of every case by its name.
_FORMULAS: dict[str, Callable[[Callable[[str], Found]], Found]] = {
    "adult": lambda case: case("age") >= 18,
    "registered": lambda case: (case("registered_kommun") == "0001") | case("crime_victim"),
    "no_other_way": lambda case: ~case("need_met_otherwise"),
    "no_own_contract": lambda case: (
        ~case("has_own_contract") | ((case("office") == "BUF") & case("child_at_risk"))
    ),
    "homeless": lambda case: (
        case("lacks_roof") | np.isin(case("current_housing"), ["training_flat", "transit_flat"])
    ),
    "several_difficulties": lambda case: (
        case("addiction") | (sum(case(name).astype(np.int8) for name in OBSTACLES) >= 2)
    ),
    "rent_debts_small": lambda case: case("large_rent_debts") == 0,
    "few_debts": lambda case: case("debt_count") <= 5,
    "homeless_for_long": lambda case: case("homeless_since") <= LONG_AGO.toordinal(),
    "rent_affordable": lambda case: case("rent") * 100 <= case("income") * 40,
    "plan": lambda case: case("plan_agreed") & (case("age") < 100),
    "entitled": lambda case: np.logical_and.reduce([case(rule) for rule in RULES[:-1]]),
}
_NUMBERS = ("age", "homeless_since", "income", "rent")
_TRUTHS = (
    *("crime_victim", "need_met_otherwise", "has_own_contract", "child_at_risk", "lacks_roof"),
    *("plan_agreed", *OBSTACLES),
)
_WORDS = ("registered_kommun", "office", "current_housing")


def _variable(name: str, entity: Any, kind: type, formula: Any = None) -> type[Variable]:
    body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.ETERNITY}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def _of_case(formula: Callable[[Callable[[str], Found]], Found]) -> Callable[[Any, Any], Found]:
    def run(case: Any, period: Any) -> Found:
        return formula(lambda name: case(name, period))

    return run


def _large_rent_debts(case: Any, period: Any) -> Found:
    large = case.members("amount", period) > 1_000_000
    return case.sum(large & (case.members("kind", period) == "rent"))


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([_DEBT, _CASE])
    system.add_variables(
        _variable("kind", _DEBT, str),
        _variable("amount", _DEBT, int),
        _variable("large_rent_debts", _CASE, int, _large_rent_debts),
        _variable("debt_count", _CASE, int, lambda case, period: case.nb_persons() - 1),
        *(_variable(name, _CASE, int) for name in _NUMBERS),
        *(_variable(name, _CASE, bool) for name in _TRUTHS),
        *(_variable(name, _CASE, str) for name in _WORDS),
        *(_variable(rule, _CASE, bool, _of_case(made)) for rule, made in _FORMULAS.items()),
    )
    return system


class OpenFisca:
    """The twelve rules as a system of variables."""

    def __init__(self) -> None:
        self.system = _system()

    def ready(self, columns: Columns) -> dict[str, Found]:
        """A table as openfisca takes it: arrays, with a default wherever nothing is known."""
        found: dict[str, Found] = {}
        for name, column in columns.columns.items():
            match column:
                case Truths(values=values):
                    found[name] = values == 2
                case Numbers(values=values):
                    found[name] = values
                case Words(codes=codes, words=words):
                    found[name] = np.array([*words, ""], dtype=object)[codes]
        obstacles, debts = columns["obstacles"], columns["debts"]
        assert isinstance(obstacles, Lists) and isinstance(debts, Lists)
        rows = np.repeat(np.arange(len(columns)), obstacles.counts)
        options = obstacles.fields[""]
        assert isinstance(options, Words)
        for code, name in enumerate(OBSTACLES):
            found[name] = np.zeros(len(columns), np.bool_)
            found[name][rows[options.codes == code]] = True
        kinds, amounts = debts.fields["kind"], debts.fields["amount"]
        assert isinstance(kinds, Words) and isinstance(amounts, Numbers)
        found["amount"] = np.concatenate([np.zeros(len(columns), np.int64), amounts.values])
        words = np.array(kinds.words, dtype=object)[kinds.codes]
        found["kind"] = np.concatenate([np.full(len(columns), "none", dtype=object), words])
        owners = np.repeat(np.arange(len(columns)), debts.counts)
        found["owner"] = np.concatenate([np.arange(len(columns)), owners])
        return found

    def judge(self, cases: int, ready: dict[str, Found]) -> dict[str, Found]:
        """The outcomes of every case, by rule."""
        builder = SimulationBuilder()
        builder.create_entities(self.system)
        owners = ready["owner"]
        builder.declare_person_entity("debt", np.arange(len(owners)))
        groups = builder.declare_entity("file", np.arange(cases))
        builder.join_with_persons(groups, owners, np.full(len(owners), "holder"))
        simulation = builder.build(self.system)
        for name, values in ready.items():
            if name != "owner":
                simulation.set_input(name, "eternity", values)
        return {rule: simulation.calculate(rule, _PERIOD) for rule in RULES}
