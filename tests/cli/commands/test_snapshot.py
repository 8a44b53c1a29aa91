"""`aurora-cfn snapshot`: what is asked, what is refused without an answer, and that nothing is sent then."""

from __future__ import annotations

import pytest

from aurora_cfn.model.stack import StackResource
from tests.cli.project import Project

EXPORT = ["--to", "s3://lake", "--role", "arn:aws:iam::123456789012:role/export", "--kms-key", "alias/lake"]


@pytest.fixture
def deployed(dev: Project) -> Project:
    ran = dev.deploy("--yes")
    assert ran.exit_code == 0, ran.stderr
    stack = dev.endpoint.cfn.stack("db-dev")
    assert stack is not None
    dev.endpoint.cfn.put_resource(stack, StackResource("DBCluster", "AWS::RDS::DBCluster", "CREATE_COMPLETE", "orders"))
    return dev


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["share", "before"], 2, "nothing to do: give --account ID, or --remove ID"),
        (["share", "before", "--account", "210987654321"], 2, "add --yes to share without being asked"),
        (["create", "a--b", "--resource", "DBCluster"], 3, "single hyphens"),
        (["list", "--deleted", "--stack", "db"], 2, "--deleted goes without --stack and --resource"),
        (["export", "before", *EXPORT], 2, "add --yes to export without being asked"),
        (["export", "before", *EXPORT, "--to", "lake", "--yes"], 3, "lake is no place in S3"),
        (["export", "before", "--yes"], 2, "Missing option '--to'"),
        (["delete", "", "--confirm", ""], 3, "the name of the snapshot is empty"),
        (["share", "", "--account", "210987654321", "--yes"], 3, "the name of the snapshot is empty"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    deployed: Project, words: list[str], code: int, said: str
) -> None:
    verb, *rest = words
    before = len(deployed.endpoint.actions)
    result = deployed.run("snapshot", verb, *rest, "--env", "dev", "--endpoint-url", deployed.endpoint.url)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert not [name for name in deployed.endpoint.actions[before:] if "Snapshot" in name]


def test_a_list_without_a_database_leads_to_what_deleted_ones_left(dev: Project) -> None:
    result = dev.run("snapshot", "list", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (result.exit_code, result.stderr.splitlines()) == (3, [
        "error: not deployed: db-dev; deploy first: aurora-cfn deploy --env dev",
        "what deleted clusters left: aurora-cfn snapshot list --env dev --deleted",
    ])  # fmt: skip
