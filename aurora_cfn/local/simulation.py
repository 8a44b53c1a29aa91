"""Faults and delays on request: for tests, for trying out a rollback, for showing what a slow stack looks like."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from ministack.services.cloudformation import stacks

from aurora_cfn.local.cloudformation import refactors
from aurora_cfn.local.replacing import Inner, replace

VERBS = ("create", "update", "delete")
LONGEST_DELAY = 3600.0


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
        replace(refactors, "touched", partial(self._before, "update", _of_update))
        replace(stacks, "_provision_resource", partial(self._before, "create", _of_create))
        replace(stacks, "_update_resource", partial(self._before, "update", _of_update))
        replace(stacks, "_delete_resource", partial(self._before, "delete", _of_delete))
        # A delay sleeps: on the event loop it would stop every other answer too.
        replace(stacks, "_runs_on_worker_thread", lambda inner, kind: self.delay(kind) > 0 or inner(kind))

    def _before(self, verb: str, names: Callable[..., Iterator[str]], inner: Inner, kind: str, *arguments: Any) -> Any:
        if self.faults or self.delays:
            self.strike(verb, kind, *names(*arguments))
        return inner(kind, *arguments)


def _of_create(logical: str, _properties: Any, stack: str) -> Iterator[str]:
    yield from (logical, f"{stack}.{logical}")


def _of_update(physical: str, _old: Any, _new: Any, stack: str, logical: str = "", *_: Any) -> Iterator[str]:
    yield from (logical, f"{stack}.{logical}", physical)


def _of_delete(physical: str, _properties: Any, stack: str | None = None, logical: str | None = None) -> Iterator[str]:
    yield from (logical or "", f"{stack}.{logical}", physical)
