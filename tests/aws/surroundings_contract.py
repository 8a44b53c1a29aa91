"""What every side of the ports around a stack answers: names, keys of secrets, exports, databases and snapshots.

Each function is given ports behind which the same things exist: the parameter /toy/address, the log group /toy/log,
the secret boss with a username and a password, the export toy-Address that the stack user imports, and the cluster toy.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aurora_cfn.ports import Account, Databases, Names, SecretKeys, Snapshots


def keep_names(names: Names, keys: SecretKeys) -> None:
    """A name is taken when it exists as a whole; a secret has keys, and one that does not exist has none."""
    assert [names.parameter(name) for name in ("/toy/address", "/toy/addres", "/toy/address/x")] == [True, False, False]
    assert [names.log_group(name) for name in ("/toy/log", "/toy/lo", "/toy/log/x")] == [True, False, False]
    assert [names.secret(name) for name in ("boss", "bos", "absent")] == [True, False, False]
    assert keys.keys("boss") == frozenset({"username", "password"})
    assert keys.keys("absent") is None


def keep_exports(account: Account) -> None:
    """Who imports what: none is an answer, also of an export that does not exist."""
    assert account.importers("toy-Address") == ["user"]
    assert account.importers("toy-Nothing") == []
    assert "toy-Address" in account.exports()


def keep_databases(databases: Databases, version: str) -> None:
    """What is there by its identifier, and None of what is not; a version that is not on offer is no error."""
    found = databases.cluster("toy")
    assert found is not None
    assert (found.version, found.status) == (version, "available")
    assert databases.cluster("to") is None
    assert databases.instance("toy") is None
    assert databases.members("toy") == []
    assert version in {row.version for row in databases.versions("aurora-postgresql", version.partition(".")[0])}
    assert [row.version for row in databases.versions("aurora-postgresql", version)] == [version]
    assert databases.versions("aurora-postgresql", "17.99") == []
    events = databases.events("db-cluster", "toy", since=datetime.now(UTC) - timedelta(hours=1))
    assert {event.source for event in events} <= {"toy"}
    assert [event.at for event in events] == sorted(event.at for event in events)


def keep_snapshots(snapshots: Snapshots, wait: Callable[[], None]) -> None:
    """From nothing to a snapshot that can be restored; those of clusters and of instances have names of their own."""
    assert snapshots.snapshot("toy-before") is None
    made = snapshots.create_snapshot("toy", "toy-before", tags={"Project": "x"})
    assert (made.identifier, made.database, made.kind) == ("toy-before", "toy", "db-cluster")
    wait()
    found = snapshots.snapshot("toy-before")
    assert found is not None
    assert (found.arn, found.status, found.database) == (made.arn, "available", "toy")
    assert snapshots.snapshot("toy-before", kind="db-instance") is None
