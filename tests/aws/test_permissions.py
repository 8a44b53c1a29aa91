"""The table of permissions against the code: what a command can call is what it asks for, no less and no more."""

from __future__ import annotations

import botocore.session
import pytest

from aurora_cfn.aws.permissions import (
    CALLS,
    END_SESSION,
    FREE,
    IMPLIED,
    MAKING,
    OF_CLIENT,
    ON_BEHALF,
    needed,
    unused_beside_sessions,
)
from aurora_cfn.aws.permissions import LOGIN_OF_CLIENT as LOGIN
from aurora_cfn.cli import COMMANDS
from tests.aws.calls import LOGIN_OF_CLIENT, TARGET_OF_CLIENT, actions, actions_of, adapters, operations, reached

HOW = "aurora_cfn/facts/iam_actions.json: commands"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_is_what_the_code_calls(name: str) -> None:
    made, listed = actions(COMMANDS[name][0]), set(CALLS.get(name, ()))
    assert sorted(made - listed) == [], f"{name} makes these calls too: add them to {HOW}"
    assert sorted(listed - made) == [], f"{name} does not make these calls any more: take them out of {HOW}"


def test_what_finding_a_client_calls_is_in_its_table() -> None:
    found = actions_of([TARGET_OF_CLIENT])
    # The same objects of the fleet can also free a name.
    assert found - FREE - set(OF_CLIENT) == {"ssm:DeleteParameter"}
    assert set(OF_CLIENT) <= found
    assert actions_of([LOGIN_OF_CLIENT]) == set(LOGIN)


def test_the_reader_of_calls_sees_pages_inheritance_and_private_methods() -> None:
    found = {
        adapter.name: (name, adapter)
        for name, adapter in adapters(reached(("aurora_cfn.cli.commands.doctor", "command")))
    }
    name, adapter = found["AwsCloudFormation"]
    assert operations(name, adapter, "change_set") == {"cloudformation:DescribeChangeSet"}
    assert operations(name, adapter, "resources") == {"cloudformation:ListStackResources"}
    name, adapter = found["AwsDatabases"]
    assert operations(name, adapter, "versions") == {"rds:DescribeDBEngineVersions"}
    assert operations(name, adapter, "nothing") == set()


@pytest.mark.parametrize(
    ("command", "unused"),
    [("deploy", set(END_SESSION)), ("branch", {"lambda:UpdateFunctionCode", "sqs:DeleteQueue"}), ("dev", set())],
)
def test_only_dev_may_end_sessions(command: str, unused: set[str]) -> None:
    assert unused_beside_sessions(needed(command)) == unused


def test_every_action_is_an_operation_of_its_service() -> None:
    session = botocore.session.get_session()
    listed = {action for rows in CALLS.values() for action in rows} | IMPLIED.keys()
    for service, operation in (action.split(":") for action in listed):
        assert operation in session.get_service_model(service).operation_names


def test_what_making_a_bucket_needs_is_needed_by_who_uploads() -> None:
    assert set(needed("package")) >= MAKING
    assert not MAKING & set(needed("destroy"))


def test_commands_of_the_table_exist() -> None:
    assert set(CALLS) <= set(COMMANDS)
    assert set(ON_BEHALF) <= set(CALLS)


def test_what_a_call_implies_is_added_and_what_is_free_is_left_out() -> None:
    assert "secretsmanager:GetSecretValue" in needed("sql")
    assert not FREE & set(needed("deploy"))
    assert {"s3:GetObject", "s3:ListBucket"} <= set(needed("package"))
    assert "s3:HeadObject" not in needed("package")
    assert {"s3:CreateBucket", "s3:PutBucketPublicAccessBlock"} <= set(needed("package"))
    assert "s3:PutPublicAccessBlock" not in needed("package")
    assert needed("render") == ()


@pytest.mark.parametrize(
    ("command", "logs_in"),
    [("connect", True), ("run", True), ("sql", True), ("tunnel", False), ("status", False), ("logs", False),
     ("metrics", False), ("events", False), ("snapshot", False)],
)  # fmt: skip
def test_who_only_finds_a_cluster_of_dsql_may_not_log_in_to_it(command: str, logs_in: bool) -> None:
    assert "dsql:GetCluster" in needed(command)
    assert ("dsql:DbConnectAdmin" in needed(command)) == logs_in


def test_the_commands_of_a_group_are_read_too() -> None:
    assert {"acm:ImportCertificate", "ec2:ExportClientVpnClientConfiguration"} <= set(needed("vpn"))
