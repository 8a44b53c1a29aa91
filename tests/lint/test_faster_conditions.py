from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.lint.faster_conditions import MODELS_TRIED, _has_model, _undecided

VARIABLES = range(1, 6)
LITERALS = st.sampled_from([sign * number for number in VARIABLES for sign in (1, -1)])
FORMULAS = st.lists(st.lists(LITERALS, min_size=1, max_size=4), max_size=20)


@pytest.mark.parametrize(
    ("clauses", "holds", "follows", "rest"),
    [
        ([], set(), set(), []),
        ([[1, 2]], set(), set(), [[1, 2]]),
        ([[1, 2]], {1}, set(), []),
        ([[1, 2]], {-1}, {2}, []),
        ([[-2, 3], [1, 2]], {-1}, {2, 3}, []),
        ([[1, 2], [-1, 2, 3]], {-3}, set(), [[1, 2], [-1, 2]]),
        ([[1, 2], [-2]], {-1}, None, None),
        ([[]], set(), None, None),
        ([[0]], set(), None, None),
        ([[0, 1]], set(), {1}, []),
    ],
)
def test_what_follows_from_what_holds(
    clauses: list[list[int]], holds: set[int], follows: set[int] | None, rest: list[list[int]] | None
) -> None:
    known = set(holds)
    assert _undecided(clauses, known) == rest
    assert follows is None or known == holds | follows


@given(FORMULAS, st.lists(FORMULAS, max_size=3))
def test_a_formula_has_a_model_where_some_values_satisfy_it(
    clauses: list[list[int]], more: list[list[list[int]]]
) -> None:
    models: list[set[int]] = []
    for formula in (clauses, *(clauses + added for added in more), clauses):
        worlds = [{*values} for values in product(*((number, -number) for number in VARIABLES))]
        wanted = any(all(world.intersection(clause) for clause in formula) for world in worlds)
        assert _has_model(formula, set(), models) == wanted


def test_a_few_models_are_remembered_and_tried_only_where_they_agree_with_what_holds() -> None:
    models: list[set[int]] = []
    for number in range(1, 2 * MODELS_TRIED):
        assert _has_model([[number, number + 1]], {-number, number + 1}, models)
        assert not _has_model([[number]], {-number}, models)
    assert len(models) == MODELS_TRIED


def test_hundreds_of_independent_conditions_are_no_recursion() -> None:
    assert _has_model([[number, -number - 1] for number in range(1, 1500, 2)], set(), [])
