"""Asking again where one failed reading would make a failure of what has long succeeded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.pace import Pace
from aurora_cfn.deploy.silence import DENIED
from aurora_cfn.deploy.watch import LOST
from aurora_cfn.errors import AwsError

Answer = TypeVar("Answer")
READINGS = 5
"""How often it is asked where asking again may help: for about half a minute."""


def patiently(engine: Engine, key: str, question: Callable[[], Answer], known: str) -> Answer:
    """The answer; `known` says in the warnings what is certain meanwhile. Raises AwsError when it stays away."""
    pace = Pace()
    for _ in range(READINGS - 1):
        try:
            return question()
        except AwsError as error:
            if error.code in LOST | DENIED or engine.stopping():
                raise
            engine.listener.warn(key, f"{known}: {error} (asking again)")
        engine.clock.sleep(pace.after_trouble())
    return question()
