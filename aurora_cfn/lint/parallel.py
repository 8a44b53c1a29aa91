"""Linting several templates in processes of their own: cfn-lint is pure Python, so threads would take turns."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from typing import Final

from aurora_cfn.lint.engine import lint, rules
from aurora_cfn.lint.subject import Subject
from aurora_cfn.model.finding import Finding

WORTH_IT: Final = 3
"""Templates from which on two processes are faster than one: each costs 0.05 s to start and to end."""


def lint_in_parallel(
    subjects: Sequence[Subject], *, today: date, offered: str = "", processes: int | None = None
) -> Iterator[tuple[Finding, ...]]:
    """Findings of each subject, in the order of the subjects; raises what `lint` raises.

    `processes` is by default the number of processors, and one where a copy of this process cannot be made.
    """
    one = partial(_lint_one, today=today, offered=offered)
    count = min(len(subjects), _processes() if processes is None else processes)
    if count < 2 or len(subjects) < WORTH_IT:
        yield from map(one, subjects)
        return
    rules()  # loaded before the copies are made, so that each has them
    with ProcessPoolExecutor(count, multiprocessing.get_context("fork")) as pool:
        yield from pool.map(one, subjects)


def _lint_one(subject: Subject, *, today: date, offered: str) -> tuple[Finding, ...]:
    ((*findings,),) = lint([subject], today=today, offered=offered)
    return tuple(findings)


def _processes() -> int:
    # macOS and Windows start a new interpreter, which loads the rules again; a copy of a process with threads may hang.
    may_fork = sys.platform == "linux" and threading.active_count() == 1
    return len(os.sched_getaffinity(0)) if may_fork else 1
