from __future__ import annotations

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.sql.resuming import RETRY_AFTER, RETRY_NEAR, ResumingDataApi
from tests.sql.fakes import DATABASE, ONE, FakeClock, FakeDataApi, resuming


class Shown:
    """The seconds that were shown, and how often the line was removed."""

    def __init__(self) -> None:
        self.seconds: list[int] = []
        self.closed = 0

    def __call__(self, seconds: int) -> None:
        self.seconds.append(seconds)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("seconds", [RETRY_AFTER, RETRY_NEAR])
def test_a_pause_is_waited_out_and_shown_every_second(seconds: int) -> None:
    api, shown = FakeDataApi(resuming(), resuming(), resuming()), Shown()
    waking = ResumingDataApi(api, FakeClock(), shown, retry_after=seconds)
    assert waking.execute(DATABASE, "select 1") == ONE
    assert (shown.seconds, shown.closed) == ([*range(3 * seconds)], 1)
    assert len(api.asked) == 4


def test_what_is_awake_is_asked_once_and_nothing_is_shown() -> None:
    api, shown = FakeDataApi(), Shown()
    ResumingDataApi(api, FakeClock(), shown).execute(DATABASE, "select 1")
    assert (len(api.asked), shown.seconds) == (1, [])


def test_waiting_ends_with_the_code_kept() -> None:
    api, clock, shown = FakeDataApi(*[resuming()] * 99), FakeClock(), Shown()
    with pytest.raises(AwsError, match="still resuming after 20 s") as refused:
        ResumingDataApi(api, clock, shown, max_wait=20).execute(DATABASE, "select 1")
    assert (refused.value.code, clock.seconds, shown.closed) == ("DatabaseResumingException", 20, 1)


def test_without_a_timeout_it_is_tried_once() -> None:
    api = FakeDataApi(resuming())
    with pytest.raises(AwsError, match="after 0 s"):
        ResumingDataApi(api, FakeClock(), None, max_wait=0).execute(DATABASE, "select 1")
    assert len(api.asked) == 1


def test_other_refusals_are_not_tried_again() -> None:
    api = FakeDataApi(AwsError("no", code="AccessDeniedException"))
    with pytest.raises(AwsError, match="no"):
        ResumingDataApi(api, FakeClock(), None).execute(DATABASE, "select 1")
    assert len(api.asked) == 1
