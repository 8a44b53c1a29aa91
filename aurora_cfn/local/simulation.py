"""Faults and delays on request: for tests, for trying out a rollback, for showing what a slow stack looks like."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from ministack.services.cloudformation import stacks

from aurora_cfn.local.cloudformation import refactors
from aurora_cfn.local.replacing import Inner, replace

VERBS = ("create", "update", "delete")
# Seconds; a delay that was mistyped would hold a thread of the emulator for as long.
LONGEST_DELAY = 3600.0
PLACES = {"create": (0, 2, 9), "update": (4, 3, 0), "delete": (3, 2, 0)}
"""Where a call has the logical id, the stack and the physical id after the type; a creation has no physical id yet."""


@dataclass(slots=True)
class Simulation:
    """`faults`: "create:DBCluster", "delete:AWS::RDS::*" or "update:stack.DBCluster" to a reason.

    `delays`: a pattern of types, such as "AWS::RDS::*" or "*", to seconds; the first that fits counts.
    """

    faults: dict[str, str] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)

    def set(self, wanted: Any) -> dict[str, Any]:
        """Add what the JSON object says; ValueError when it is not understood. Both tables come back."""
        wanted = wanted or {}
        for place, reason in (wanted.get("faults") or {}).items():
            if place.partition(":")[0] not in VERBS or not place.partition(":")[2]:
                raise ValueError(f"{place!r} is not one of create:NAME, update:NAME, delete:NAME")
            self.faults[place] = str(reason)
        for pattern, seconds in (wanted.get("delays") or {}).items():
            if not 0 <= float(seconds) <= LONGEST_DELAY:
                raise ValueError(f"{seconds} is not a delay of 0 to {LONGEST_DELAY:g} seconds")
            self.delays[pattern] = float(seconds)
        return self.shown()

    def clear(self) -> dict[str, Any]:
        """Forget all of it."""
        self.faults.clear()
        self.delays.clear()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        """Both tables."""
        return {"faults": self.faults, "delays": self.delays}

    def delay(self, kind: str) -> float:
        """Seconds that a resource of this type takes longer."""
        return next((seconds for pattern, seconds in self.delays.items() if fnmatchcase(kind, pattern)), 0.0)

    def strike(self, verb: str, kind: str, *names: str) -> None:
        """Wait for the delay of the type, then raise ValueError if a fault matches."""
        time.sleep(self.delay(kind))
        for place, reason in self.faults.items():
            wanted_verb, _, pattern = place.partition(":")
            if wanted_verb == verb and any(fnmatchcase(name, pattern) for name in (kind, *filter(None, names))):
                raise ValueError(reason)

    def install(self) -> None:
        """Stand before every provisioning of ministack's CloudFormation."""
        replace(refactors, "touched", partial(self._before, "update"))
        for verb, name in (("create", "_provision"), ("update", "_update"), ("delete", "_delete")):
            replace(stacks, f"{name}_resource", partial(self._before, verb))
        # A delay sleeps: on the event loop it would stop every other answer too.
        replace(stacks, "_runs_on_worker_thread", lambda inner, kind: self.delay(kind) > 0 or inner(kind))

    def _before(self, verb: str, inner: Inner, kind: str, *arguments: Any) -> Any:
        if self.faults or self.delays:
            # ministack leaves the last arguments out of some calls.
            given = (*arguments, *[""] * 10)
            logical, stack, physical = (given[at] or "" for at in PLACES[verb])
            self.strike(verb, kind, logical, f"{stack}.{logical}", physical)
        return inner(kind, *arguments)
