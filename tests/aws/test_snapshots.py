"""What is sent to RDS and KMS about snapshots, and what of the answers is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.snapshots import AwsKeys, AwsSnapshotArchive
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import AutomatedBackups, DatabaseSnapshot, EventSource
from tests.aws.stubs import session, stubbed

MADE = datetime(2026, 11, 28, tzinfo=UTC)
NOUNS: dict[EventSource, tuple[str, str, str]] = {
    "db-cluster": ("DBCluster", "DBClusterSnapshot", "db_cluster_snapshot"),
    "db-instance": ("DBInstance", "DBSnapshot", "db_snapshot"),
}
KINDS = sorted(NOUNS)


def row(kind: EventSource, name: str, **more: Any) -> dict[str, Any]:
    database, noun, _ = NOUNS[kind]
    return {f"{noun}Identifier": name, f"{noun}Arn": f"arn:{name}", f"{database}Identifier": "db",
            "Status": "available", **more}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_all_pages_oldest_first_and_one_that_is_being_taken_last(kind: EventSource) -> None:
    place = session()
    database, noun, verb = NOUNS[kind]
    flag = "StorageEncrypted" if kind == "db-cluster" else "Encrypted"
    old = row(kind, "old", SnapshotCreateTime=MADE, SnapshotType="automated", KmsKeyId="arn:key", **{flag: True},
              TagList=[{"Key": "a", "Value": "b"}], EngineVersion="17.7")  # fmt: skip
    new = row(kind, "new", Status="creating")
    asked = {f"{database}Identifier": "db"}
    with stubbed(place, "rds") as stub:
        stub.add_response(f"describe_{verb}s", {f"{noun}s": [new], "Marker": "m"}, asked)
        stub.add_response(f"describe_{verb}s", {f"{noun}s": [old]}, {**asked, "Marker": "m"})
        found = AwsSnapshotArchive(place).snapshots_of("db", kind=kind)
    assert [one.identifier for one in found] == ["old", "new"]
    assert found[0] == DatabaseSnapshot(
        "old", "arn:old", "db", "available", created=MADE, kind=kind, type="automated", version="17.7", encrypted=True,
        key="arn:key", tags={"a": "b"},
    )  # fmt: skip


def test_kept_backups_of_deleted_clusters_those_that_reach_furthest_last() -> None:
    place = session()
    late = {
        "DbClusterResourceId": "cluster-2", "DBClusterIdentifier": "db", "EngineVersion": "17.7", "Status": "retained",
        "BackupRetentionPeriod": 30, "RestoreWindow": {"EarliestTime": MADE, "LatestTime": MADE},
        "TagList": [{"Key": "a", "Value": "b"}],
    }  # fmt: skip
    early = {"DbClusterResourceId": "cluster-1"}
    asked = {"Filters": [{"Name": "status", "Values": ["retained"]}]}
    with stubbed(place, "rds") as stub:
        operation, key = "describe_db_cluster_automated_backups", "DBClusterAutomatedBackups"
        stub.add_response(operation, {key: [late], "Marker": "m"}, asked)
        stub.add_response(operation, {key: [early]}, {**asked, "Marker": "m"})
        found = AwsSnapshotArchive(place).kept_backups()
    assert found == [
        AutomatedBackups("cluster-1", ""), AutomatedBackups("cluster-2", "db", "17.7", MADE, MADE, {"a": "b"}),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("add", "remove", "sent"),
    [
        (["1"], [], {"ValuesToAdd": ["1"]}),
        ([], ["2"], {"ValuesToRemove": ["2"]}),
        (["1"], ["2"], {"ValuesToAdd": ["1"], "ValuesToRemove": ["2"]}),
    ],
)
def test_sharing_says_only_what_changes(
    kind: EventSource, add: Sequence[str], remove: Sequence[str], sent: dict[str, Any]
) -> None:
    place = session()
    _, noun, verb = NOUNS[kind]
    values = [{"AttributeName": "restore", "AttributeValues": ["9", "1"]}, {"AttributeName": "x"}]
    answer = {f"{noun}AttributesResult": {f"{noun}Attributes": values}}
    asked = {f"{noun}Identifier": "s", "AttributeName": "restore", **sent}
    with stubbed(place, "rds") as stub:
        stub.add_response(f"modify_{verb}_attribute", answer, asked)
        assert AwsSnapshotArchive(place).share_snapshot("s", kind=kind, add=add, remove=remove) == ["1", "9"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("key", "sent"), [("", {}), ("alias/own", {"KmsKeyId": "alias/own"})])
def test_a_copy_and_a_deletion(kind: EventSource, key: str, sent: dict[str, Any]) -> None:
    place = session()
    _, noun, verb = NOUNS[kind]
    asked = {f"Source{noun}Identifier": "arn:s", f"Target{noun}Identifier": "t", "Tags": [{"Key": "a", "Value": "b"}]}
    source = DatabaseSnapshot("s", "arn:s", "db", "available", kind=kind)
    with stubbed(place, "rds") as stub:
        stub.add_response(f"copy_{verb}", {noun: row(kind, "t", Status="creating")}, {**asked, **sent})
        stub.add_response(f"delete_{verb}", {}, {f"{noun}Identifier": "t"})
        port = AwsSnapshotArchive(place)
        made = port.copy_snapshot(source, "t", tags={"a": "b"}, key=key)
        port.delete_snapshot("t", kind=kind)
        stub.assert_no_pending_responses()
    assert (made.identifier, made.kind, made.status) == ("t", kind, "creating")


def test_whose_a_key_is() -> None:
    place = session()
    with stubbed(place, "kms") as stub:
        for manager in ("AWS", "CUSTOMER"):
            stub.add_response("describe_key", {"KeyMetadata": {"KeyId": "k", "KeyManager": manager}}, {"KeyId": "k"})
        for code in ("AccessDeniedException", "NotFoundException", "KMSInternalException"):
            stub.add_client_error("describe_key", code)
        keys = AwsKeys(place)
        assert [keys.made_by_aws("k") for _ in range(4)] == [True, False, None, None]
        with pytest.raises(AwsError, match="KMSInternal"):
            keys.made_by_aws("k")
