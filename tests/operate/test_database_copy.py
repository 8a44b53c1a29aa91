"""The stack of a copy: its names, parameters and tags, and how it is found again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_copy import CopySource, DatabaseCopy, copy_of, entry_of_copy
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue, StackRef
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.database_copy import NEEDED, Original, copies, copy_key, free_suffix, with_copy
from aurora_cfn.parameters import Parameter
from aurora_cfn.template.summary import TemplateSummary

NAMES = (
    *NEEDED,
    "ServiceName",
    "SecretName",
    "DeletionProtection",
    "DBMaster",
    "EngineVersion",
    "DatabaseName",
    "Readers",
)
TEMPLATE = TemplateSummary("aurora", parameters=tuple(Parameter(name, "") for name in NAMES))
GIVEN: dict[str, ParameterValue] = {
    "NetworkStackName": StackRef("network"),
    "EngineVersion": "18.3",
    "Readers": "1",
    "DBMaster": "own",
}
ENTRY = EnvironmentStack(
    "db", "db-dev", "aurora", GIVEN, 3, tags={"Team": "a"}, protect=True, after_deploy=("dbmate", "up")
)
DEV = Environment(
    "dev", "params/dev.yaml", "eu-west-1", (ENTRY, EnvironmentStack("network", "network-dev", "n", {}, 1))
)
DEPLOYED = Stack("arn", "db-dev", "CREATE_COMPLETE", parameters={"EngineVersion": "17.7", "DatabaseName": "orders"})
ORIGINAL = Original(DEPLOYED, "dev-auroracluster")
OURS = Ownership("shop", "dev")


def made(copy: DatabaseCopy, template: TemplateSummary = TEMPLATE) -> EnvironmentStack:
    entry = with_copy(DEV, copy, ORIGINAL, template).stack(copy_key(copy))
    assert entry is not None
    return entry


def test_a_copy_is_a_stack_of_the_environment_without_the_ceremony_of_the_original() -> None:
    entry = made(DatabaseCopy("db", "r1", "restore", CopySource(snapshot="before"), tags={"aurora-cfn:a": "b"}))
    assert (entry.key, entry.name, entry.template) == ("db-r1", "db-dev-r1", "aurora")
    assert (entry.protect, entry.after_deploy) == (False, ())
    assert entry.tags == {
        "Team": "a",
        "aurora-cfn:copy": "restore",
        "aurora-cfn:copy-of": "db-dev",
        "aurora-cfn:a": "b",
    }


@pytest.mark.parametrize(
    ("copy", "differs"),
    [
        (DatabaseCopy("db", "r1", "restore", CopySource(snapshot="before")), {"SnapshotIdentifier": "before"}),
        (
            DatabaseCopy("db", "r1", "restore", CopySource(cluster="c", to_time="2026-11-28T13:55:00Z")),
            {"SourceDBClusterIdentifier": "c", "RestoreToTime": "2026-11-28T13:55:00Z"},
        ),
        (
            DatabaseCopy("db", "r1", "branch", CopySource(cluster="c", clone=True), own_secret=True),
            {"SourceDBClusterIdentifier": "c", "RestoreType": "copy-on-write", "DBMaster": ""},
        ),
        (
            DatabaseCopy("db", "r1", "restore", CopySource(cluster="c"), overrides={"Readers": "0"}),
            {"SourceDBClusterIdentifier": "c", "Readers": "0"},
        ),
        (
            DatabaseCopy("db", "r1", "restore", CopySource(cluster="c"), overrides={"NoSuchParameter": "0"}),
            {"SourceDBClusterIdentifier": "c"},
        ),
    ],
)
def test_the_parameters_of_a_copy(copy: DatabaseCopy, differs: dict[str, str]) -> None:
    assert made(copy).parameters == {
        "NetworkStackName": StackRef("network"),
        "Readers": "1",
        "DBMaster": "own",
        # As deployed, not as written: the data are of that version.
        "EngineVersion": "17.7",
        "DatabaseName": "orders",
        "ClusterName": "dev-auroracluster-r1",
        "ServiceName": "",
        "SecretName": "",
        "DeletionProtection": "false",
        "SnapshotIdentifier": "",
        "SourceDBClusterIdentifier": "",
        "RestoreType": "full-copy",
        "RestoreToTime": "",
        **differs,
    }


@pytest.mark.parametrize(("network", "group"), [("network-dev", "db-dev-group"), ("", None)])
def test_a_copy_in_a_network_uses_the_subnet_group_of_the_original(network: str, group: str | None) -> None:
    names = (*TEMPLATE.parameters, Parameter("SubnetGroupName", ""))
    stack = replace(DEPLOYED, parameters={**DEPLOYED.parameters, "NetworkStackName": network})
    copy = DatabaseCopy("db", "r1", "restore", CopySource(cluster="c"))
    original = Original(stack, "dev-auroracluster", "db-dev-group")
    entry = with_copy(DEV, copy, original, replace(TEMPLATE, parameters=names)).stack("db-r1")
    assert entry is not None
    assert entry.parameters.get("SubnetGroupName") == group


@pytest.mark.parametrize(
    ("suffix", "template", "said"),
    [
        ("r" * 45, TEMPLATE, "61 characters at most"),
        ("r--1", TEMPLATE, "single hyphens"),
        ("R1", TEMPLATE, "lower-case"),
        ("r1", replace(TEMPLATE, parameters=()), "no parameter ClusterName, SnapshotIdentifier"),
    ],
)
def test_a_copy_that_cannot_be_made_is_refused_in_words(suffix: str, template: TemplateSummary, said: str) -> None:
    with pytest.raises(InputError, match=said):
        made(DatabaseCopy("db", suffix, "restore", CopySource(snapshot="before")), template)


def stack(name: str, owner: Ownership = OURS, status: str = "CREATE_COMPLETE", **tags: str) -> Stack:
    more = {f"aurora-cfn:{key.replace('_', '-')}": value for key, value in tags.items()}
    return Stack(f"arn:{name}", name, status, tags={**owner.tags, **more})


R1 = stack("db-dev-r1", copy="restore", copy_of="db-dev")
R10 = stack("db-dev-r10", copy="restore", copy_of="db-dev")
R9 = stack("db-dev-r9", copy="restore", copy_of="db-dev")


def test_copies_are_found_by_their_tags() -> None:
    others = (
        stack("db-dev"),
        stack("db-dev-x", copy="something newer", copy_of="db-dev"),
        stack("db-dev-r2", Ownership("shop", "test"), copy="restore", copy_of="db-dev"),
        stack("db-dev-r3", status="REVIEW_IN_PROGRESS", copy="restore", copy_of="db-dev"),
    )
    assert [row.suffix for row in copies((R10, *others, R9, R1), OURS)] == ["r1", "r9", "r10"]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (R1, "db-dev-r1"),
        (None, None),
        (stack("db-dev"), None),
        (stack("gone-dev-r1", copy="restore", copy_of="gone-dev"), None),
        (stack("db-dev-r1", Ownership("shop", "test"), copy="restore", copy_of="db-dev"), None),
        (replace(R1, status="DELETE_COMPLETE"), None),
    ],
)
def test_only_a_copy_of_this_environment_is_an_entry_of_it(row: Stack | None, key: str | None) -> None:
    entry = entry_of_copy(DEV, row)
    assert (entry.key if entry else None) == key
    assert entry is None or (entry.template, entry.protect) == ("aurora", False)


def test_the_first_free_suffix() -> None:
    assert [free_suffix(taken) for taken in ((), {"r1"}, {"r1", "r3"})] == ["r1", "r2", "r2"]
    assert copy_of(R1) is not None
