"""Patience with "too often": such a call was not carried out, so it is sent again when others would give up."""

from __future__ import annotations

from collections.abc import Callable
from random import random
from typing import Any

from aurora_cfn.errors import THROTTLED

ATTEMPTS = 12
"""How often a throttled call is sent at most: with a fifth of the calls refused, one of 200 million is not answered."""
LONGEST = 10.0


def patience(dice: Callable[[], float] = random) -> Callable[..., float | None]:
    """A handler for botocore's event `needs-retry`: seconds to wait before the next attempt, None not to try again.

    botocore's own handler comes first; this one counts where that has given up.
    """

    def wait(*, attempts: int, response: Any = None, **_: Any) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        if code not in THROTTLED or attempts >= ATTEMPTS:
            return None
        return float(min(LONGEST, 2.0 ** (attempts - 3)) * (0.5 + dice() / 2))

    return wait


def once_more(*, attempts: int, caught_exception: Exception | None = None, **_: Any) -> float | None:
    """The same for reads in haste: a lost connection is tried again at once, one time; nothing else is."""
    return 0.0 if caught_exception is not None and attempts == 1 else None
