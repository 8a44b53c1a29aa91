"""What a kill leaves half done: resources whose creation has begun, kept on disk, and operations on stacks.

A database takes a second to create. Killed in that second, the emulator would start again with a cluster that no stack
knows, and the next deployment would be refused because its name is taken. So its name is written down first.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import dsql, rds
from ministack.services.cloudformation import _stacks, provisioners, stacks

from aurora_cfn.local.record import read_json, replace_text
from aurora_cfn.local.replacing import Inner, everywhere
from aurora_cfn.model.event import STACK_TYPE

logger = logging.getLogger("aurora_cfn.unfinished")
ENDED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED"})


@dataclass(frozen=True, slots=True)
class Creation:
    """One resource: whose it is, and its type and physical id."""

    account: str
    region: str
    stack: str
    logical_id: str
    kind: str
    physical_id: str


class Unfinished:
    """The creations, oldest first; each change is on disk before the method returns."""

    def __init__(self, path: Path) -> None:
        """Read what an earlier process left."""
        self._path = path
        self._lock = threading.Lock()
        self._rows = [Creation(**row) for row in read_json(path) or ()]
        self._ended: set[Creation] = set()
        self._leaving: set[Creation] = set()

    def begin(self, kind: str, physical_id: str, logical_id: str, stack: str) -> None:
        """Note a creation in the account and region of the running operation."""
        row = Creation(get_account_id(), get_region(), stack, logical_id, kind, physical_id)
        with self._lock:
            rows = [each for each in self._rows if each != row] + [row]
            # Where it cannot be written down, as on a full disk, nothing is created.
            self._write(rows)
            self._rows = rows
            self._ended.discard(row)

    def ended(self, stack: str, logical_id: str) -> None:
        """The stack has the resource, or its creation failed and was cleaned up; true on disk after the next save."""
        with self._lock:
            self._ended |= {row for row in self._rows if (row.stack, row.logical_id) == (stack, logical_id)}

    def begin_saving(self) -> None:
        """The state is saved from now on: what has ended is in it, and what ends meanwhile may not be."""
        with self._lock:
            self._leaving = set(self._ended)

    def saved(self) -> None:
        """The state was saved: what had ended before is no longer unfinished."""
        with self._lock:
            leaving = self._leaving & self._ended
            if leaving:
                rows = [row for row in self._rows if row not in leaving]
                self._write(rows)
                self._rows = rows
                self._ended -= leaving

    def take(self) -> list[Creation]:
        """What was left unfinished, newest first, so that an instance goes before its cluster; none afterwards."""
        with self._lock:
            found = self._rows[::-1]
            self._rows = []
            if found:
                self._write([])
        return found

    def install(self) -> None:
        """Watch the events of resources."""
        everywhere("_add_event", self._watching)

    def _watching(self, inner: Inner, stack_id: str, stack: str, logical: str, kind: str, status: str,
                  *more: Any, **named: Any) -> Any:  # fmt: skip
        if status in ENDED:
            self.ended(stack, logical)
        return inner(stack_id, stack, logical, kind, status, *more, **named)

    def _write(self, rows: Iterable[Creation]) -> None:
        replace_text(self._path, json.dumps([asdict(row) for row in rows]))


def delete_unfinished(rows: list[Creation]) -> None:
    """Delete the resources that their stacks do not know."""
    for row in rows:
        stack = _stacks.get_scoped(row.account, row.region, row.stack) or {}
        # By the physical id alone: what replaces a resource is created under a name made of the id of the old one.
        if row.physical_id in {known.get("PhysicalResourceId") for known in (stack.get("_resources") or {}).values()}:
            continue
        try:
            with request_scope(row.account, row.region):
                _unprotect(row)
                provisioners._delete_resource(row.kind, row.physical_id, {})
        except Exception as error:  # such as a proxy that the saved state does not have: the start continues
            logger.info("%s %s, which a kill left, is not deleted: %s", row.kind, row.physical_id, error)


def _unprotect(row: Creation) -> None:
    """Let a database be deleted: its protection is for what was created."""
    for name, store in (("DBCluster", rds._clusters), ("DBInstance", rds._instances)):
        if row.kind == f"AWS::RDS::{name}" and row.physical_id in store:
            store[row.physical_id]["DeletionProtection"] = False
    if row.kind == "AWS::DSQL::Cluster" and row.physical_id in dsql._clusters:
        dsql._clusters[row.physical_id]["deletionProtectionEnabled"] = False


def any_in_progress() -> bool:
    """Whether some stack's operation runs."""
    return any(is_in_progress(stack) for _, stack in list(_stacks.all_items()))


def is_in_progress(stack: dict[str, Any]) -> bool:
    """Whether this stack's operation runs; a stack that waits for its change set does not."""
    status = str(stack.get("StackStatus", ""))
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def end_interrupted() -> None:
    """After a restart: fail the operations that a killed process left unfinished, so that their stacks can be used."""
    for (account, region, name), stack in list(_stacks.all_items()):
        if not is_in_progress(stack):
            continue
        status = str(stack["StackStatus"]).removesuffix("_CLEANUP_IN_PROGRESS").removesuffix("_IN_PROGRESS")
        # UPDATE_COMPLETE_CLEANUP_IN_PROGRESS ends as UPDATE_FAILED.
        failed = f"{status.removesuffix('_COMPLETE')}_FAILED"
        reason = "The emulator was killed while this operation ran"
        stack["StackStatus"], stack["StackStatusReason"] = failed, reason
        with request_scope(account, region):
            stacks._add_event(stack["StackId"], name, name, STACK_TYPE, failed, reason)
