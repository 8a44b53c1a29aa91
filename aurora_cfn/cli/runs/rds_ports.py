"""RDS for a run: each port is made when it is first read, since a new stack on the emulator needs none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aurora_cfn.aws.session import Session

if TYPE_CHECKING:
    from aurora_cfn.ports import Clock, Databases, DatabaseSizes, Snapshots


@dataclass(frozen=True, slots=True)
class SessionRds:
    """The ports on a session; `snapshots` only where the run is to `take_snapshots`."""

    session: Session
    clock: Clock
    take_snapshots: bool

    @property
    def databases(self) -> Databases:
        """Statuses, events and descriptions."""
        from aurora_cfn.aws.rds import AwsDatabases

        return AwsDatabases(self.session)

    @property
    def snapshots(self) -> Snapshots | None:
        """Snapshots to be taken."""
        if not self.take_snapshots:
            return None
        from aurora_cfn.aws.rds import AwsSnapshots

        return AwsSnapshots(self.session)

    @property
    def sizes(self) -> DatabaseSizes:
        """Sizes and restore points."""
        from aurora_cfn.aws.database_sizes import AwsDatabaseSizes

        return AwsDatabaseSizes(self.session, self.clock)
