"""Credentials that live as long as a run: asked of a person in one place, looked up anew when they have ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import RefreshWithMFAUnsupportedError

from aurora_cfn.aws.errors import EXPIRED, has_ended
from aurora_cfn.aws.profile import Found

Frozen: TypeAlias = ReadOnlyCredentials | None
Carry: TypeAlias = Callable[[Callable[[], Frozen]], Frozen]
ASK_BEFORE = 120
"""Seconds before the end of a session at which a new code is asked for; what needs no code is renewed earlier."""
TRIES = 4
"""How often a call is sent at most whose credentials had ended."""


class LivingCredentials(Credentials):
    """What botocore signs with: the credentials found last, and others once those have ended.

    `carried` has work done where a person can be asked; only what may ask goes that way, and it waits for its turn
    there without a lock.
    """

    def __init__(self, look_up: Callable[[], Found], carried: Carry = lambda work: work()) -> None:
        """Look credentials up. Raises what botocore raises for a profile that makes no sense."""
        self._carried = carried
        self._look_up = look_up
        self._found = look_up()
        self._last: Frozen = None
        self._signed = threading.local()
        self._lock = threading.Lock()

    def get_frozen_credentials(self) -> Frozen:  # type: ignore[override] # botocore leaves out that None means none
        """What the next request is signed with; None when there are none. Raises AwsError when they have ended."""
        if not self._found.asks:
            frozen = self._fresh()
        elif self._last is not None and not self._due():
            frozen = self._last
        else:
            frozen = self._carried(self._asked)
        self._signed.last = frozen
        return frozen

    def renewed(self) -> bool:
        """Whether there are other credentials now than those that this thread has signed with last."""
        used = getattr(self._signed, "last", None)

        def renew() -> Frozen:
            with self._lock:
                return self._last if self._last != used else self._anew()

        return (self._carried(renew) if self._found.asks else renew()) != used

    def _due(self) -> bool:
        held = self._found.credentials
        return isinstance(held, RefreshableCredentials) and held.refresh_needed(ASK_BEFORE)

    def _asked(self) -> Frozen:
        """Asked for once, for all who have waited for the same answer."""
        if self._last is not None and not self._due():
            return self._last
        try:
            self._last = self._found.frozen()
        except RefreshWithMFAUnsupportedError:
            # botocore's own would ask a first time only.
            self._anew()
        return self._last

    def _fresh(self) -> Frozen:
        held = self._found
        try:
            self._last = held.frozen()
        except Exception as error:
            # The files may hold others by now, unless another thread has seen that already.
            if not has_ended(error):
                raise
            with self._lock:
                self._last = self._anew() if self._found is held else self._found.frozen()
        return self._last

    def _anew(self) -> Frozen:
        self._found = self._look_up()
        self._last = self._found.frozen()
        return self._last


def renewal(credentials: LivingCredentials) -> Callable[..., float | None]:
    """A handler for botocore's event `needs-retry`: no time to wait where other credentials were found."""

    def retry(*, attempts: int, response: Any = None, **_: Any) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        return 0.0 if code in EXPIRED and attempts < TRIES and credentials.renewed() else None

    return retry
