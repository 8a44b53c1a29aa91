"""What becomes of the data: each policy, where a resource goes, is replaced or is kept less well than before."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.model.change import Verdict
from aurora_cfn.review.data_outcome import Outcome, by_change_set, removed, replaced, stateful, weakened
from aurora_cfn.template.resources import Resource

CLUSTER, INSTANCE, DSQL = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::DSQL::Cluster"
SUBNETS, POOL, TOPIC = "AWS::RDS::DBSubnetGroup", "AWS::Cognito::UserPool", "AWS::SNS::Topic"
MEMBER = {"DBClusterIdentifier": "c"}
LOST, GUARDED, PLAIN = Verdict.DATA_LOSS, Verdict.REPLACE, Verdict.IN_PLACE
HELD = "; while its deletion protection is on that deletion fails, and it is left behind outside the stack"
SNAPPED = "is deleted after a final snapshot, which alone keeps the data"
STAYS = "is retained with its data, outside the stack"
ALL = "is deleted, and with it every database in it and its automated backups"
TABLES = "is deleted, and with it every table in it"
NETWORK = "is deleted, and with it the network of every database that names it; they are replaced with it"
LIVES = "it leaves the stack and lives on (DeletionPolicy Retain)"
COPY = "keep the old value; or copy the data over and allow the replacement by name"


def _keeper(policy: str) -> str:
    return "Snapshot or Retain" if policy == "Snapshot" else policy


def resource(kind: str, properties: dict[str, str] | None = None, **policies: str | None) -> Resource:
    given = {name: policy for name, policy in policies.items() if policy is not None}
    return Resource("It", kind, properties or {}, given, frozenset(), True, 0)


@pytest.mark.parametrize(
    ("kind", "policy", "verdict", "goes"),
    [
        (CLUSTER, None, GUARDED, f"the database cluster {SNAPPED} (no DeletionPolicy, so Snapshot by default)"),
        (CLUSTER, "Snapshot", GUARDED, f"the database cluster {SNAPPED}"),
        (CLUSTER, "Retain", GUARDED, f"the database cluster {STAYS}"),
        (CLUSTER, "RetainExceptOnCreate", GUARDED, f"the database cluster {STAYS}"),
        (CLUSTER, "Delete", LOST, f"the database cluster {ALL}"),
        (CLUSTER, "Kept", LOST, f"the database cluster {ALL}"),
        (INSTANCE, None, GUARDED, f"the database instance {SNAPPED} (no DeletionPolicy, so Snapshot by default)"),
        # Where no snapshot can be made, the policy Snapshot keeps nothing.
        (DSQL, "Snapshot", LOST, f"the DSQL cluster {TABLES}"),
        (DSQL, None, LOST, f"the DSQL cluster {TABLES} (no DeletionPolicy, so Delete by default)"),
        (SUBNETS, "Delete", GUARDED, f"the subnet group {NETWORK}"),
    ],
)
def test_what_keeps_data_and_goes(kind: str, policy: str | None, verdict: Verdict, goes: str) -> None:
    sentence = f"{goes} (DeletionPolicy {policy})" if policy else goes
    remedy = "keep it in the template; or deploy DeletionPolicy: Retain first and remove it afterwards"
    expected = Outcome(verdict, sentence, remedy, stateful=True)
    assert removed(resource(kind, DeletionPolicy=policy)) == expected


@pytest.mark.parametrize(
    ("policy", "goes"),
    [
        ("Snapshot", "which keeps the data; its automated backups stay too, until their retention ends"),
        ("Delete", "is deleted; only its automated backups keep the data, until their retention ends"),
        ("Retain", STAYS),
    ],
)
def test_automated_backups_that_are_kept_are_said_and_change_no_verdict(policy: str, goes: str) -> None:
    kept = resource(CLUSTER, {"DeleteAutomatedBackups": "false"}, DeletionPolicy=policy)
    assert goes in removed(kept).sentence
    assert removed(kept).verdict == removed(resource(CLUSTER, DeletionPolicy=policy)).verdict


@pytest.mark.parametrize(
    ("kind", "protection", "policy", "held"),
    [
        (CLUSTER, "true", "Delete", True),
        (CLUSTER, "true", "Snapshot", True),
        (CLUSTER, "true", "Retain", False),
        (CLUSTER, "false", "Delete", False),
        (POOL, "ACTIVE", "Delete", True),
        (POOL, "INACTIVE", "Delete", False),
        (SUBNETS, "true", "Delete", False),
    ],
)
def test_deletion_protection_leaves_behind_what_would_be_deleted(
    kind: str, protection: str, policy: str, held: bool
) -> None:
    found = removed(resource(kind, {"DeletionProtection": protection}, DeletionPolicy=policy)).sentence
    assert found.endswith(f"(DeletionPolicy {policy}){HELD if held else ''}")


@pytest.mark.parametrize(
    ("kind", "properties", "policy", "expected"),
    [
        (TOPIC, {}, None, Outcome(GUARDED, "it is deleted", "", stateful=False)),
        (TOPIC, {}, "Snapshot", Outcome(GUARDED, "it is deleted", "", stateful=False)),
        (TOPIC, {}, "Retain", Outcome(PLAIN, LIVES, "", stateful=False)),
        (INSTANCE, MEMBER, None, Outcome(
            GUARDED, "the database instance is deleted; connections to it break, the data stays in its cluster",
            "add another instance and let traffic move to it first", stateful=False,
        )),
        (INSTANCE, MEMBER, "RetainExceptOnCreate", Outcome(PLAIN, LIVES, "", stateful=False)),
    ],
)  # fmt: skip
def test_what_keeps_no_data_and_goes(
    kind: str, properties: dict[str, str], policy: str | None, expected: Outcome
) -> None:
    one = resource(kind, properties, DeletionPolicy=policy)
    assert (removed(one), stateful(one)) == (expected, None)
    anew = Outcome(GUARDED, "a new one is created and the old one is deleted", "", stateful=False)
    assert replaced(one, one) == anew
    assert by_change_set(kind, "Delete", replaces=True, member=bool(properties)) == anew
    assert by_change_set(kind, "Retain", replaces=False, member=bool(properties)) == Outcome(
        GUARDED, "it is deleted", "", stateful=False
    )


@pytest.mark.parametrize(
    ("kind", "before", "after", "verdict", "old", "said", "first"),
    [
        (CLUSTER, "Snapshot", "Snapshot", GUARDED, SNAPPED, "Snapshot", ""),
        (CLUSTER, "Retain", "Retain", GUARDED, STAYS, "Retain", ""),
        # The weaker one of both is counted on.
        (CLUSTER, "Snapshot", "Retain", GUARDED, SNAPPED, "Snapshot before and Retain", ""),
        (CLUSTER, "Retain", "Snapshot", GUARDED, SNAPPED, "Retain before and Snapshot", ""),
        (CLUSTER, "Retain", "Delete", LOST, ALL, "Retain before and Delete", "Snapshot"),
        (CLUSTER, None, "Retain", LOST, ALL, "none before and Retain", "Snapshot"),
        (CLUSTER, None, None, LOST, ALL, "none", "Snapshot"),
        (DSQL, "Snapshot", "Retain", LOST, TABLES, "Snapshot before and Retain", "Retain"),
        (DSQL, "Retain", "Retain", GUARDED, STAYS, "Retain", ""),
    ],
)  # fmt: skip
def test_what_keeps_data_and_is_replaced(
    kind: str, before: str | None, after: str | None, verdict: Verdict, old: str, said: str, first: str
) -> None:
    noun = "database cluster" if kind == CLUSTER else "DSQL cluster"
    found = replaced(resource(kind, UpdateReplacePolicy=before), resource(kind, UpdateReplacePolicy=after))
    sentence = f"a new {noun}, empty, takes its place; the old {noun} {old} (UpdateReplacePolicy {said})"
    keeper = f"set UpdateReplacePolicy: {_keeper(first)}, and deploy that first; " if first else ""
    assert found == Outcome(verdict, sentence, f"{keeper}{COPY}", stateful=True)


@pytest.mark.parametrize(
    ("kind", "given", "new"),
    [
        (CLUSTER, {"SnapshotIdentifier": "s"}, "a new database cluster, restored from a snapshot, takes its place; "),
        (CLUSTER, {}, "a new database cluster, empty, takes its place; "),
        (DSQL, {"SnapshotIdentifier": "s", "": "x"}, "a new DSQL cluster, empty, takes its place; "),
        ("AWS::RDS::DBSubnetGroup", {}, "a new subnet group takes its place; "),
    ],
)
def test_what_is_in_the_new_one_is_said(kind: str, given: dict[str, str], new: str) -> None:
    assert replaced(resource(kind), resource(kind, given)).sentence.startswith(new)
    assert "restored" not in replaced(resource(kind, given), resource(kind)).sentence


def test_a_backup_selection_is_guarded_only_where_it_goes() -> None:
    """All of its properties are create-only, so each table that is added to it replaces it."""
    one = resource("AWS::Backup::BackupSelection")
    assert (replaced(one, one).stateful, removed(one).stateful) == (False, True)
    found = [by_change_set(one.type, "Delete", replaces=replaces, member=False) for replaces in (True, False)]
    assert [row.stateful for row in found] == [False, True]


def test_protection_of_the_old_one_is_what_counts_where_it_is_replaced() -> None:
    on, off = resource(CLUSTER, {"DeletionProtection": "true"}), resource(CLUSTER)
    assert replaced(on, off).sentence.endswith(HELD)
    assert not replaced(off, on).sentence.endswith(HELD)


@pytest.mark.parametrize(
    ("kind", "action", "replaces", "verdict", "goes", "remedy"),
    [
        (CLUSTER, "Delete", False, LOST, f"the database cluster {ALL}", "keep"),
        (CLUSTER, "Snapshot", False, GUARDED, f"the database cluster {SNAPPED}", "keep"),
        (CLUSTER, "Retain", False, GUARDED, f"the database cluster {STAYS}", "keep"),
        (CLUSTER, "", False, LOST, f"the database cluster {ALL}", "keep"),
        (CLUSTER, "ReplaceAndDelete", True, LOST, f"the old database cluster {ALL}", "Snapshot"),
        (CLUSTER, "ReplaceAndSnapshot", True, GUARDED, f"the old database cluster {SNAPPED}", ""),
        (CLUSTER, "ReplaceAndRetain", True, GUARDED, f"the old database cluster {STAYS}", ""),
        (CLUSTER, "", True, LOST, f"the old database cluster {ALL}", "Snapshot"),
        (DSQL, "ReplaceAndSnapshot", True, LOST, f"the old DSQL cluster {TABLES}", "Retain"),
        (INSTANCE, "Delete", False, LOST, f"the database instance {ALL}", "keep"),
    ],
)  # fmt: skip
def test_what_a_change_set_says_of_it(
    kind: str, action: str, replaces: bool, verdict: Verdict, goes: str, remedy: str
) -> None:
    lead = f"a new {goes.removeprefix('the old ').partition(' is ')[0].partition(' stays ')[0]} takes its place; "
    sentence = f"{lead if replaces else ''}{goes} (change set: {action or 'no policy given'})"
    keeper = f"set UpdateReplacePolicy: {_keeper(remedy)}, and deploy that first; " if remedy else ""
    out = f"{keeper}{COPY}" if replaces else "keep it in the template; or retain it"
    assert by_change_set(kind, action, replaces=replaces, member=False) == Outcome(
        verdict, sentence, out, stateful=True
    )


@pytest.mark.parametrize(
    ("kind", "name", "before", "after", "weaker"),
    [
        (CLUSTER, "DeletionPolicy", "Retain", "Snapshot", True),
        (CLUSTER, "DeletionPolicy", "Snapshot", "Delete", True),
        (CLUSTER, "DeletionPolicy", "Retain", "RetainExceptOnCreate", False),
        (CLUSTER, "DeletionPolicy", "Snapshot", "Retain", False),
        (CLUSTER, "DeletionPolicy", "Delete", "Delete", False),
        # What is not said is Snapshot for a cluster that is deleted, and Delete for one that is replaced.
        (CLUSTER, "DeletionPolicy", None, "Delete", True),
        (CLUSTER, "DeletionPolicy", None, "Snapshot", False),
        (CLUSTER, "UpdateReplacePolicy", "Snapshot", None, True),
        (CLUSTER, "UpdateReplacePolicy", None, "Delete", False),
        (DSQL, "DeletionPolicy", "Snapshot", None, False),
        (DSQL, "DeletionPolicy", "Retain", None, True),
        (TOPIC, "DeletionPolicy", "Retain", "Delete", False),
    ],
)
def test_whether_a_policy_keeps_less(kind: str, name: str, before: str | None, after: str | None, weaker: bool) -> None:
    sides: list[dict[str, Any]] = [{name: before}, {name: after}]
    left, right = (resource(kind, **given) for given in sides)
    assert weakened(left, right, name) is weaker
