"""What is replaced in how cfn-lint solves conditions, under the terms that `faster_cfn_lint` names.

For each combination of conditions that it looks at, thousands for a template, cfn-lint 1.58 copies the formula of all
conditions and gives it to sympy. Here a state of the conditions is solved once, and from the state before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final, TypeAlias

from cfnlint.context.conditions._conditions import Conditions
from cfnlint.context.conditions.exceptions import Unsatisfiable

Pins: TypeAlias = frozenset[tuple[str, bool]]
Clauses: TypeAlias = Iterable[Iterable[int]]
"""One literal of each clause holds; a literal is the number of a variable, negative where it is false."""

MODELS_TRIED: Final = 16
"""Earlier solutions that are tried before a new one is looked for."""


@dataclass(frozen=True, slots=True)
class _Solved:
    """What follows from the conditions pinned so far: literals that hold, and the clauses that these do not decide.

    `facts` are the pins that were not only assumed; `states` and `models` are those of all states of the template.
    """

    holds: set[int]
    rest: Sequence[Sequence[int]]
    facts: Pins
    states: dict[tuple[Pins, Pins], Conditions | None]
    models: list[set[int]]


def evolve(self: Conditions, status: Mapping[str, bool], assumed: bool = False) -> Conditions:
    """`Conditions.evolve`: these conditions with some pinned. Raises Unsatisfiable."""
    found = _state(self, status, assumed)
    if found is None:
        raise Unsatisfiable(new_status=dict(status), current_status=self.status)
    return found


def scenarios(self: Conditions, names: Iterable[str]) -> Iterator[Conditions]:
    """`Conditions._build_conditions`, without the message of an error for each combination that cannot be."""
    names = list(names)
    for values in islice(product((True, False), repeat=len(names)), self._max_scenarios):
        found = _state(self, dict(zip(names, values, strict=True)), True)
        if found is not None:
            yield found


def _state(self: Conditions, status: Mapping[str, bool], assumed: bool) -> Conditions | None:
    pins = {name: value for name, value in status.items() if name in self.conditions}
    before = {name: self.conditions[name].status for name in pins}
    if before == pins:
        return self
    if any(before[name] not in (None, value) for name, value in pins.items()):
        return None
    solved = vars(self).get("_aurora_cfn_solved")
    if solved is None:
        solved = vars(self)["_aurora_cfn_solved"] = _first(self)
    facts = solved.facts if assumed else solved.facts.union(pins.items())
    key = frozenset((self.status | pins).items()), facts
    if key not in solved.states:
        solved.states[key] = _pinned(self, solved, pins, assumed, facts)
    found: Conditions | None = solved.states[key]
    return found


def _first(self: Conditions) -> _Solved:
    holds: set[int] = set()
    rest = _undecided(self.cnf.data, holds)
    return _Solved(holds, [[]] if rest is None else rest, frozenset(), {}, [])


def _pinned(
    self: Conditions, solved: _Solved, pins: Mapping[str, bool], assumed: bool, facts: Pins
) -> Conditions | None:  # fmt: skip
    symbols = {self._condition_symbols[name]: value for name, value in pins.items()}
    cnf, literals = _with_literals(self.cnf, symbols)
    if any(-literal in solved.holds for literal in literals):
        return None
    holds = solved.holds.union(literals)
    rest = _undecided(solved.rest, holds)
    if rest is None or not _has_model(rest, holds, solved.models):
        return None
    found = Conditions(
        conditions={name: _with_status(row, pins.get(name, row.status)) for name, row in self.conditions.items()},
        cnf=cnf,
        hard_cnf=self.hard_cnf if assumed else _with_literals(self.hard_cnf, symbols)[0],
        _condition_symbols=self._condition_symbols,
    )
    vars(found)["_aurora_cfn_solved"] = _Solved(holds, rest, facts, solved.states, solved.models)
    return found


def _with_literals(cnf: Any, symbols: Mapping[Any, bool]) -> tuple[Any, list[int]]:
    """The formula with each symbol pinned, and the literals of these."""
    new = [symbol for symbol in symbols if symbol not in cnf.encoding]
    encoding = cnf.encoding | {symbol: number for number, symbol in enumerate(new, len(cnf.encoding) + 1)}
    literals = [encoding[symbol] if value else -encoding[symbol] for symbol, value in symbols.items()]
    return type(cnf)([*cnf.data, *({literal} for literal in literals)], encoding), literals


def _with_status(row: Any, status: bool | None) -> Any:
    # `Condition.evolve` also drops what the condition consists of, so only one that it made is kept.
    made = row.fn_equals is None and row.condition is None
    return row if made and row.status == status else row.evolve(status)


def _undecided(clauses: Clauses, holds: set[int]) -> list[list[int]] | None:
    """The clauses that `holds` does not decide, to which all is added that follows; None where one cannot hold."""
    while True:
        rest, before = [], len(holds)
        for clause in clauses:
            if holds.isdisjoint(clause):
                # 0 stands for what is always false.
                possible = [literal for literal in clause if literal and -literal not in holds]
                if len(possible) > 1:
                    rest.append(possible)
                elif possible:
                    holds.add(possible[0])
                else:
                    return None
        if len(holds) == before:
            return rest
        clauses = rest


def _has_model(clauses: Sequence[Sequence[int]], holds: set[int], models: list[set[int]]) -> bool:
    """Whether there are values for all variables; those found are added to `models`."""
    if any(holds <= model and not any(map(model.isdisjoint, clauses)) for model in models):
        return True
    waiting: list[tuple[Clauses, set[int]]] = [(clauses, set(holds))]
    while waiting:
        clauses_left, held = waiting.pop()
        rest = _undecided(clauses_left, held)
        if rest == []:
            models[:] = [held, *models[: MODELS_TRIED - 1]]
            return True
        if rest:
            literal = rest[0][0]
            waiting += [(rest, held | {-literal}), (rest, held | {literal})]
    return False
