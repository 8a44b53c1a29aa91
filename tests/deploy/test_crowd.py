"""Many stacks at once: how often they ask together."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from aurora_cfn.deploy.crowd import CALLS_PER_SECOND, Crowd


def test_one_alone_waits_as_it_would() -> None:
    crowd = Crowd()
    with crowd.joined():
        assert crowd.widened(0.1) == 0.1


@pytest.mark.parametrize("watching", [2, 16, 64])
def test_together_they_ask_no_more_than_the_limit(watching: int) -> None:
    crowd = Crowd()
    with ExitStack() as all_of_them:
        for _ in range(watching):
            all_of_them.enter_context(crowd.joined())
        assert (watching - 1) / crowd.widened(0.1) <= CALLS_PER_SECOND
        assert crowd.widened(10.0) == 10.0, "who waits longer anyway is left alone"


def test_who_leaves_with_an_error_is_no_longer_counted() -> None:
    crowd = Crowd()
    with pytest.raises(ValueError, match="gone"), crowd.joined():
        raise ValueError("gone")
    with crowd.joined():
        assert crowd.widened(0.1) == 0.1
