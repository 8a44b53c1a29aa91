"""The port to snapshots that are listed, shared, copied and deleted; `Snapshots` takes and finds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import DatabaseSnapshot, EventSource


class SnapshotArchive(Protocol):
    """Snapshots of clusters and of instances without a cluster; the two kinds do not share names."""

    def snapshots_of(self, database: str, *, kind: EventSource) -> Sequence[DatabaseSnapshot]:
        """The manual and automated snapshots of the database, oldest first; also of one that was deleted.

        Those of every database in the region if `database` is empty.
        """

    def share_snapshot(
        self, name: str, *, kind: EventSource, add: Collection[str] = (), remove: Collection[str] = ()
    ) -> Sequence[str]:
        """Let these accounts restore it, or no longer; all that may afterwards, sorted, with `all` for everyone."""

    def copy_snapshot(
        self, source: DatabaseSnapshot, name: str, *, tags: Mapping[str, str], key: str = ""
    ) -> DatabaseSnapshot:
        """Start a copy in the same region, encrypted with the KMS key `key` where one is given."""

    def delete_snapshot(self, name: str, *, kind: EventSource) -> None:
        """Delete the snapshot."""


class EncryptionKeys(Protocol):
    """KMS keys, read only."""

    def made_by_aws(self, key: str) -> bool | None:
        """Whether it is a key that AWS manages, such as aws/rds; None where the caller may not read it."""
