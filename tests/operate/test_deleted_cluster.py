"""What a deleted cluster left, by its identifier and its resource id, and which of it is restored and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_copy import CopySource
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.rds_database import AutomatedBackups, DatabaseSnapshot
from aurora_cfn.operate.deleted_cluster import Remains, listed, of_snapshot, plan, remains

OURS = Ownership("shop", "dev")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
GONE = NOW - timedelta(hours=1)
FIRST = NOW - timedelta(days=30)


def snapshot(name: str, database: str, age: int = 0, *, of: str = "", **more: object) -> DatabaseSnapshot:
    found = DatabaseSnapshot(name, "arn", database, "available", created=GONE - timedelta(days=age), resource_id=of)
    return replace(found, **{"tags": OURS.tags, **more})  # type: ignore[arg-type]


def backups(resource_id: str, database: str, age: int = 0, **more: object) -> AutomatedBackups:
    found = AutomatedBackups(
        resource_id, database, "17.7", FIRST, GONE - timedelta(days=age, minutes=2), tags=OURS.tags
    )
    return replace(found, **more)  # type: ignore[arg-type]


LEFT = (
    snapshot("first", "old", 9, of="cluster-2"),
    snapshot("final", "old", of="cluster-2"),
    snapshot("failed", "old", of="cluster-2", status="failed"),
    snapshot("before", "old", 20, of="cluster-1"),
    snapshot("rds:old-1", "old", of="cluster-2", type="automated"),
    snapshot("live", "db", of="cluster-9"),
    snapshot("of-before", "db", 4, of="cluster-8"),
    snapshot("others", "theirs", tags={}),
    snapshot("of-blank", "blank", of="cluster-5"),
)
KEPT = (
    backups("cluster-1", "old", 20),
    backups("cluster-2", "old"),
    backups("cluster-3", "alone"),
    backups("cluster-4", "theirs", tags={}),
    # RDS may not show the tags: a snapshot of the same cluster says whose it is.
    backups("cluster-5", "blank", tags={}),
    backups("cluster-8", "db", 3),
)


def living(name: str) -> str:
    return {"db": "cluster-9"}.get(name, "")


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        ("old", ("old", "cluster-2", "final", ("cluster-1",))),
        ("OLD", ("old", "cluster-2", "final", ("cluster-1",))),
        ("cluster-1", ("old", "cluster-1", "before", ())),
        ("alone", ("alone", "cluster-3", "", ())),
        ("blank", ("blank", "cluster-5", "of-blank", ())),
        # Another cluster has its name now.
        ("cluster-8", ("db", "cluster-8", "of-before", ())),
    ],
)
def test_what_a_cluster_left(cluster: str, found: tuple[str, str, str, tuple[str, ...]]) -> None:
    left = remains(cluster, KEPT, LEFT, OURS, living)
    ids = left.backups.resource_id if left.backups else "", left.snapshot.identifier if left.snapshot else ""
    assert (left.cluster, *ids, left.older) == found


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        ("db", "the cluster db exists: restore it with --latest, --at or --snapshot; .*: --deleted cluster-8$"),
        ("cluster-9", "the cluster cluster-9 exists: restore it with --latest, --at or --snapshot$"),
        ("theirs", "left neither automated backups nor a snapshot with the tags of .*: alone, blank, old. Look into"),
        ("cluster-4", "left neither automated backups nor a snapshot"),
        ("nowhere", "a deleted cluster nowhere left neither"),
    ],
)
def test_a_cluster_that_was_not_deleted_or_left_nothing(cluster: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        remains(cluster, KEPT, LEFT, OURS, living)


BOTH = Remains("old", KEPT[1], LEFT[1])
LATER = replace(BOTH, backups=replace(KEPT[1], restorable_to=GONE + timedelta(minutes=1)))
ONLY_SNAPSHOT, ONLY_BACKUPS = replace(BOTH, backups=None), replace(BOTH, snapshot=None)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OF_BACKUPS = CopySource(backups="cluster-2")


@pytest.mark.parametrize(
    ("found", "at", "latest", "source", "why"),
    [
        (BOTH, None, False, CopySource(snapshot="final"), "its last snapshot, later than its automated backups reach"),
        (LATER, None, False, OF_BACKUPS, "its automated backups: they reach further than its last snapshot final"),
        (BOTH, None, True, OF_BACKUPS, "its automated backups, as a time was asked for"),
        (BOTH, NOON, False, CopySource(backups="cluster-2", to_time="2026-11-20T12:00:00Z"), "as a time was asked for"),
        (ONLY_SNAPSHOT, None, False, CopySource(snapshot="final"), "old comes from its last snapshot$"),
        (ONLY_BACKUPS, None, False, OF_BACKUPS, "its automated backups: it left no snapshot$"),
        (replace(BOTH, older=("cluster-1",)), None, True, OF_BACKUPS, "; of that name were also cluster-1$"),
    ],
)
def test_which_of_the_two_is_restored(
    found: Remains, at: datetime | None, latest: bool, source: CopySource, why: str
) -> None:
    made = plan(found, at, NOW, latest=latest, local=False)
    assert made.source == source
    assert re.search(why, made.lines[0]), made.lines


@pytest.mark.parametrize(
    ("found", "at", "local", "said"),
    [
        (ONLY_SNAPSHOT, NOON, False, "old left no automated backups, so no time .* its snapshot final of 2026-11-29"),
        (
            BOTH,
            NOW,
            False,
            "old .cluster-2, deleted. can be restored from 2026-10-30 .* to .*; asked: 2026-11-29 12:00",
        ),
        (BOTH, FIRST - timedelta(days=1), False, "can be restored from"),
        (BOTH, NOON, True, "the emulator keeps no history"),
    ],
)
def test_a_time_that_is_not_there(found: Remains, at: datetime, local: bool, said: str) -> None:
    with pytest.raises(InputError, match=said):
        plan(found, at, NOW, latest=False, local=local)


def test_another_snapshot_of_the_cluster_is_chosen_by_its_name() -> None:
    assert plan(of_snapshot(BOTH, LEFT[0]), None, NOW, latest=False, local=False).source == CopySource(snapshot="first")
    with pytest.raises(InputError, match="live is a snapshot of db, not of old"):
        of_snapshot(BOTH, LEFT[5])


def test_what_is_left_is_listed_by_cluster_without_those_that_exist_and_those_of_others() -> None:
    rows = listed(KEPT, LEFT, OURS, living).rows
    # Of a cluster whose name another one has now, the backups are listed: they have a resource id of their own.
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("alone", "cluster-3", ""), ("blank", "cluster-5", ""), ("blank", "cluster-5", "of-blank"),
        ("db", "cluster-8", ""), ("db", "cluster-8", "of-before"),
        ("old", "cluster-1", ""), ("old", "cluster-1", "before"), ("old", "cluster-2", ""),
        ("old", "cluster-2", "first"), ("old", "cluster-2", "final"), ("old", "cluster-2", "failed"),
        ("old", "cluster-2", "rds:old-1"),
    ]  # fmt: skip
    assert rows[0][-2:] == ("2026-10-30 12:00:00Z", "2026-11-29 10:58:00Z")
