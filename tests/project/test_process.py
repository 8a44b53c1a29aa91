"""Processes as marks: this one lives, one that ended is gone, and of all others nothing is certain."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.model.ownership import DESCRIPTION, PLAN_SUFFIX, Owner, owner_of, with_suffix, without_suffix
from aurora_cfn.project.process import is_dead, this_process

MAKERS = st.builds(
    Owner,
    st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    st.integers(1, 2**22),
    st.from_regex("[0-9]*", fullmatch=True),
)


def test_this_process_lives_and_shows_no_host_name() -> None:
    mine = this_process()
    assert mine.process == os.getpid()
    assert not is_dead(mine)
    assert socket.gethostname() not in mine.suffix


def ended() -> Owner:
    """A child that has ended, and whose end has not been read yet."""
    child = os.posix_spawn(sys.executable, [sys.executable, "-S", "-c", ""], os.environ)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    return replace(this_process(), process=child, began="")


def test_a_process_that_ended_is_gone_before_and_after_its_parent_asks() -> None:
    maker = ended()
    assert is_dead(maker) is bool(this_process().began), "where the system knows"
    os.waitpid(maker.process, 0)
    assert is_dead(maker)


def test_of_another_machine_nothing_is_certain() -> None:
    maker = ended()
    os.waitpid(maker.process, 0)
    assert not is_dead(replace(maker, machine="0" * 12))


def test_a_number_that_another_process_has_now_does_not_count_as_alive() -> None:
    mine = this_process()
    assert is_dead(replace(mine, began="1")) is bool(mine.began), "where the system knows when it began"


def test_a_number_that_no_process_can_have_is_gone_or_not_certain() -> None:
    assert is_dead(replace(this_process(), process=2**22 + 1))
    assert not is_dead(replace(this_process(), process=2**80, began=""))


@given(st.text(max_size=1200), MAKERS)
def test_a_suffix_is_read_back_whatever_stands_before_it(text: str, maker: Owner) -> None:
    description = with_suffix(text, maker.suffix)
    assert len(description) <= DESCRIPTION
    assert owner_of(description) == maker
    assert without_suffix(description) == text.strip()[: DESCRIPTION - len(maker.suffix) - 1].rstrip()


@pytest.mark.parametrize("suffix", [PLAN_SUFFIX, Owner("0123456789ab", 7, "9").suffix, ""])
def test_a_long_description_is_cut_to_what_aws_takes_and_its_suffix_is_not(suffix: str) -> None:
    for over in (-1, 0, 1):
        room = DESCRIPTION - len(f" {suffix}".rstrip())
        description = with_suffix("x" * (room + over), suffix)
        assert description == f"{'x' * min(room + over, room)} {suffix}".strip()


@given(st.text(alphabet="abc -", max_size=40))
def test_a_plan_has_no_maker(text: str) -> None:
    assert owner_of(with_suffix(text, PLAN_SUFFIX)) is None
    assert without_suffix(with_suffix(text, PLAN_SUFFIX)) == text.strip()
