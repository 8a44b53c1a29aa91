"""How often the state is saved: soon after a change, and never so often that requests wait."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from aurora_cfn.local.server.autosave import (
    LONGEST_PAUSE_SECONDS,
    PAUSE_SECONDS,
    QUIET_ROUNDS,
    Autosave,
    pause_after,
)


@pytest.mark.parametrize(
    ("took", "pause"), [(0.0, PAUSE_SECONDS), (0.01, PAUSE_SECONDS), (0.5, 4.5), (60.0, LONGEST_PAUSE_SECONDS)]
)
def test_the_pause_grows_with_what_a_saving_takes(took: float, pause: float) -> None:
    assert pause_after(took) == pytest.approx(pause)


def test_a_slow_saving_is_followed_by_a_longer_pause_even_when_it_failed() -> None:
    pauses: list[float] = []

    def save() -> None:
        time.sleep(0.06)  # the shortest that makes the pause longer
        raise OSError("disk full")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) > 1:
            raise asyncio.CancelledError

    autosave = Autosave(save, lambda: False, sleep=sleep)

    async def changed() -> None:
        async def inner(*_: object) -> None:
            """Answer nothing."""

        await autosave.watching(inner)({"type": "http", "method": "POST"}, None, None)  # type: ignore[arg-type]
        with contextlib.suppress(asyncio.CancelledError):
            await autosave.run()

    asyncio.run(changed())
    first, second = pauses
    assert (first, second >= 0.54) == (PAUSE_SECONDS, True)


@pytest.mark.parametrize(("busy", "rests"), [(False, 1), (True, 0)])
def test_it_rests_once_when_all_is_saved(busy: bool, rests: int) -> None:
    done: list[str] = []
    rounds = iter(range(QUIET_ROUNDS + 3))

    async def sleep(seconds: float) -> None:
        if next(rounds, None) is None:
            raise asyncio.CancelledError

    autosave = Autosave(lambda: done.append("saved"), lambda: busy, lambda: done.append("rested"), sleep)

    async def changed() -> None:
        async def inner(*_: object) -> None:
            """Answer nothing."""

        await autosave.watching(inner)({"type": "http", "method": "POST"}, None, None)  # type: ignore[arg-type]
        with contextlib.suppress(asyncio.CancelledError):
            await autosave.run()

    asyncio.run(changed())
    assert done[0] == "saved"
    assert done.count("rested") == rests
