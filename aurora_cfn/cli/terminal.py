"""Whether there is a person at a terminal, and what is said where there has to be one."""

from __future__ import annotations

import sys

import click


def terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def need_terminal(instead: str) -> None:
    """Raises UsageError where nobody can be asked; `instead` says which option does without."""
    if not terminal():
        raise click.UsageError(f"there is no terminal to ask on: {instead}")
