"""How often AWS is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.deploy.watch.pace import FIRST, LONGEST, SHORTEST, Budget, Pace, allowed, earliest
from tests.deploy.toys import FakeRun


def test_it_looks_again_at_once_then_slower_and_never_slower_than_the_longest() -> None:
    pace = Pace()
    waits = [pace.after(news=False) for _ in range(400)]
    assert tuple(waits[: len(FIRST)]) == FIRST
    assert waits[-1] == LONGEST
    assert waits == sorted(waits)


def test_news_bring_it_back_to_the_shortest() -> None:
    pace = Pace()
    for _ in range(400):
        pace.after(news=False)
    assert pace.after(news=True) == SHORTEST


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_after_trouble_it_backs_off_with_jitter_and_a_cap(dice: list[float]) -> None:
    rolls = iter(dice)
    pace = Pace(dice=lambda: next(rolls))
    for number in range(1, len(dice) + 1):
        wait = pace.after_trouble()
        assert min(60, 2**number) / 2 <= wait <= min(60, 2**number)


@pytest.mark.parametrize(
    ("trouble", "dice", "wait"), [(1, 0.0, 1.0), (1, 1.0, 2.0), (3, 0.5, 6.0), (6, 0.0, 30.0), (9, 0.25, 37.5)]
)
def test_the_jitter_reaches_over_the_upper_half_of_the_back_off(trouble: int, dice: float, wait: float) -> None:
    pace = Pace(dice=lambda: dice)
    assert [pace.after_trouble() for _ in range(trouble)][-1] == wait


def test_ten_minutes_cost_at_most_one_question_each_five_seconds() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 300  # a cluster, then an instance
    assert fake.deploy().outcome == "created"
    took = fake.clock.elapsed
    assert 600 <= took <= 600 + LONGEST + 2
    assert len(fake.cfn.calls) <= took / 5


@given(st.floats(0, 7200))
def test_the_budget_and_its_inverse_agree(seconds: float) -> None:
    assert earliest(allowed(seconds)) == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(("seconds", "calls"), [(0, 21), (30, 39), (90, 55), (600, 110), (3600, 410)])
def test_what_the_budget_allows(seconds: float, calls: int) -> None:
    assert int(allowed(seconds)) == calls
    assert seconds < 600 or calls <= seconds / 5


def test_what_is_kept_is_there_later() -> None:
    budget = Budget()
    budget.spend(10)
    assert budget.next_call() == 0
    assert budget.next_call(keep=20) == pytest.approx(earliest(31))
