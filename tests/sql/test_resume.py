from __future__ import annotations

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.sql.resuming import RETRY_AFTER, RETRY_NEAR, ResumingDataApi
from tests.sql.fakes import DATABASE, ONE, FakeClock, FakeDataApi, resuming


@pytest.mark.parametrize("seconds", [RETRY_AFTER, RETRY_NEAR])
def test_a_pause_is_waited_out_and_shown_every_second(seconds: int) -> None:
    api, shown = FakeDataApi(resuming(), resuming(), resuming()), list[int]()
    waking = ResumingDataApi(api, FakeClock(), shown.append, retry_after=seconds)
    assert waking.execute(DATABASE, "select 1") == ONE
    assert shown == [*range(3 * seconds)]
    assert len(api.asked) == 4


def test_what_is_awake_is_asked_once_in_silence() -> None:
    api, waits = FakeDataApi(), list[int]()
    ResumingDataApi(api, FakeClock(), waits.append).execute(DATABASE, "select 1")
    assert (len(api.asked), waits) == (1, [])


def test_patience_ends_with_the_code_kept() -> None:
    api, clock = FakeDataApi(*[resuming()] * 99), FakeClock()
    with pytest.raises(AwsError, match="still resuming after 20 s") as refused:
        ResumingDataApi(api, clock, lambda _: None, max_wait=20).execute(DATABASE, "select 1")
    assert (refused.value.code, clock.seconds) == ("DatabaseResumingException", 20)


def test_no_patience_is_one_try() -> None:
    api = FakeDataApi(resuming())
    with pytest.raises(AwsError, match="after 0 s"):
        ResumingDataApi(api, FakeClock(), lambda _: None, max_wait=0).execute(DATABASE, "select 1")
    assert len(api.asked) == 1


def test_other_refusals_are_not_tried_again() -> None:
    api = FakeDataApi(AwsError("no", code="AccessDeniedException"))
    with pytest.raises(AwsError, match="no"):
        ResumingDataApi(api, FakeClock(), lambda _: None).execute(DATABASE, "select 1")
    assert len(api.asked) == 1
