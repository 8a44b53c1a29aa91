"""Waves of an upgrade: their sizes and their order, and when the next one does not run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.fleet.waves import FORM, ClientOutcome, roll_out, wave_size, waves

ALL = tuple("abcdefghij")


@pytest.mark.parametrize(
    ("text", "clients", "size"),
    [("5", 31, 5), ("5", 3, 5), ("10%", 31, 4), ("10%", 5, 1), ("100%", 7, 7), ("1%", 200, 2), ("33%", 10, 4)],
)
def test_a_size_is_a_number_or_a_share_that_is_rounded_up(text: str, clients: int, size: int) -> None:
    assert wave_size(text).of(clients) == size


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-1", "1.5", "ten", "", "10 %", "%"])
def test_any_other_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=FORM):
        wave_size(text)


@pytest.mark.parametrize(
    ("clients", "canary", "size", "planned"),
    [
        ("", "", "5", []),
        ("a", "", "5", ["a"]),
        ("abcd", "", "50%", ["a", "bc", "d"]),
        ("abcd", "c", "2", ["c", "ab", "d"]),
        ("abcd", "db", "100%", ["bd", "ac"]),
        ("abcd", "abcd", "1", ["abcd"]),
    ],
)
def test_the_canary_is_first_and_every_client_is_in_one_wave(
    clients: str, canary: str, size: str, planned: list[str]
) -> None:
    assert ["".join(wave) for wave in waves(tuple(clients), tuple(canary), wave_size(size))] == planned


@pytest.mark.parametrize(
    ("canary", "planned"),
    [("x", ["", "ab", "cd"]), ("xy", ["", "ab", "cd"]), ("xc", ["c", "ab", "d"])],
)
def test_a_canary_that_is_done_is_in_no_wave(canary: str, planned: list[str]) -> None:
    assert ["".join(wave) for wave in waves(tuple("abcd"), tuple(canary), wave_size("2"), "xy")] == planned


def test_a_canary_that_is_no_client_is_refused() -> None:
    with pytest.raises(InputError, match="--canary x, y: not among the clients to upgrade: a, b"):
        waves(("a", "b"), ("x", "a", "y"), wave_size("1"))


@pytest.mark.parametrize(
    ("failing", "tolerate", "ran", "stopped"),
    [
        ("", 0, "abcdefghij", ""),
        ("c", 0, "abc", "1 failed (tolerate 0)"),
        ("c", 1, "abcdefghij", ""),
        ("cd", 1, "abcde", "2 failed (tolerate 1)"),
        ("j", 0, "abcdefghij", "1 failed (tolerate 0)"),
        ("a", 9, "a", "the canary failed"),
    ],
)
def test_after_too_many_failures_no_wave_follows(failing: str, tolerate: int, ran: str, stopped: str) -> None:
    shown: list[str] = []

    def work(wave: Sequence[str]) -> list[ClientOutcome]:
        return [ClientOutcome(name, "", exit_code=5 if name in failing else 0) for name in wave]

    planned = waves(ALL, (), wave_size("2"))
    done = roll_out(planned, work, lambda _, row: shown.append(row.client), tolerate=tolerate)
    assert ("".join(shown), done.stopped) == (ran, stopped)
    assert "".join(row.client for row in done.failures) == "".join(name for name in failing if name in ran)


def test_where_the_canary_is_done_the_next_wave_is_one_of_many() -> None:
    def work(wave: Sequence[str]) -> list[ClientOutcome]:
        return [ClientOutcome(name, "", exit_code=5 if name == "a" else 0) for name in wave]

    done = roll_out([(), ("a", "b"), ("c",)], work, lambda *_: None, tolerate=1)
    assert ([row.client for row in done.outcomes], done.stopped) == (["a", "b", "c"], "")


def test_an_interrupted_run_starts_no_wave() -> None:
    done = roll_out([("a",)], lambda _: [], lambda *_: None, tolerate=0, stopping=lambda: True)
    assert (done.outcomes, done.stopped) == ((), "interrupted")
