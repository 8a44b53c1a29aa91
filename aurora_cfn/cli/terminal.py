"""Whether there is a person at a terminal, what is said where there has to be one, and questions left by Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


def terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def need_terminal(instead: str) -> None:
    """Raises UsageError where nobody can be asked; `instead` says which option does without."""
    if not terminal():
        raise click.UsageError(f"there is no terminal to ask on: {instead}")


@contextmanager
def asking() -> Iterator[None]:
    """A block that asks with click; where it is left without an answer, the line of the question ends all the same.

    click raises Abort for Ctrl-C and for the end of the input, and ends the line of hidden input only; what is told
    next would stand behind the question and the `^C` of the terminal.
    """
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        raise


def confirmed(question: str) -> bool:
    """The person's yes or no. Raises click's Abort where neither is given."""
    with asking():
        return click.confirm(question, err=True)
