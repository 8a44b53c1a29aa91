"""SecretName: which master user a database gets, which values are refused, and what the rotation function does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.blueprints.parts.secret_rotation import SOURCE
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import render
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template
from tests.blueprints.known import KNOWN

CLUSTER, INSTANCE = ("aurora-serverless-mysql", "DBCluster"), ("rds-postgres", "DBInstance")
MAKES = {
    "MasterSecret", "MasterSecretAttachment", "MasterSecretRotation", "RotationFunction", "RotationLogGroup",
    "RotationPermission", "RotationRole",
}  # fmt: skip


def made(name: str, **values: str) -> dict[str, Resource]:
    defaults = {row.name: row.default_text or "" for row in BY_NAME[name].parameters}
    side = Side(template_of(read_template(render(BY_NAME[name]), name), name), defaults | values)
    return dict(resources(Evaluator(side)))


@pytest.mark.parametrize(("template", "title"), [CLUSTER, INSTANCE])
@pytest.mark.parametrize(
    ("values", "user", "password", "managed"),
    [
        ({}, "dbadmin", "", "true"),
        ({"SecretName": "shop-db-auth", "MasterUsername": "shop"}, "shop", "{'Ref': 'MasterSecret'}", "false"),
        ({"DBMaster": "boss"}, "resolve:secretsmanager:boss", "resolve:secretsmanager:boss", None),
    ],
)
def test_one_secret_opens_a_database(
    template: str, title: str, values: dict[str, str], user: str, password: str, managed: str | None
) -> None:
    found = made(template, **values)
    database = found[title].properties
    assert user in str(database["MasterUsername"])
    assert password in str(database.get("MasterUserPassword", ""))
    assert database.get("ManageMasterUserPassword") == managed
    assert (found.keys() & MAKES) == (MAKES if "SecretName" in values else set())
    if "SecretName" in values:
        secret = found["MasterSecret"].properties
        assert (secret["Name"], found["RotationFunction"].certain) == ("shop-db-auth", True)
        assert '"shop"' in str(secret["GenerateSecretString"])


@pytest.mark.parametrize(
    ("parameters", "part"),
    [
        ("SecretName: a-b", ""),
        ("SecretName: team/shop.db_auth", ""),
        ("SecretName: a-b, MasterUsername: shop", ""),
        ("SecretName: a b", "SecretName"),
        ("SecretName: rds!cluster", "SecretName"),
        ("SecretName: a-b, DBMaster: boss", "leave one of them empty"),
        ("SecretName: a-b, SnapshotIdentifier: s", "SecretName is for a cluster that starts empty"),
        ("SecretName: a-b, SourceDBClusterIdentifier: c", "SecretName is for a cluster that starts empty"),
    ],
)
def test_which_values_go_together(parameters: str, part: str) -> None:
    text = f"region: eu-west-1\nstacks:\n  db:\n    template: {CLUSTER[0]}\n    parameters: {{{parameters}}}\n"
    if not part:
        load(text, "params/dev.yaml", "dev", KNOWN)
        return
    with pytest.raises(InputError, match=part):
        load(text, "params/dev.yaml", "dev", KNOWN)


class MissingError(Exception):
    """ResourceNotFoundException."""


class Manager:
    """Secrets Manager with one secret, whose pending version may be empty."""

    class exceptions:  # noqa: N801 - as boto3 names it
        ResourceNotFoundException = MissingError

    def __init__(self, pending: str = "") -> None:
        self.values = {"one": ("AWSCURRENT", '{"username": "shop", "password": "old"}'), "two": ("AWSPENDING", pending)}

    def get_secret_value(self, SecretId: str, VersionStage: str, VersionId: str = "") -> dict[str, str]:  # noqa: N803
        for version, (stage, value) in self.values.items():
            if stage == VersionStage and VersionId in {"", version} and value:
                return {"SecretString": value}
        raise MissingError

    def put_secret_value(self, **given: Any) -> None:
        assert given["VersionStages"] == ["AWSPENDING"]
        self.values[given["ClientRequestToken"]] = ("AWSPENDING", given["SecretString"])

    def describe_secret(self, **_given: Any) -> dict[str, Any]:
        return {"VersionIdsToStages": {version: [stage] for version, (stage, _) in self.values.items()}}

    def update_secret_version_stage(self, **given: Any) -> None:
        new, old = given["MoveToVersionId"], given["RemoveFromVersionId"]
        self.values[new], self.values[old] = ("AWSCURRENT", self.values[new][1]), ("AWSPREVIOUS", self.values[old][1])


class Rds:
    """RDS that needs a look more until it has changed a password."""

    def __init__(self, kind: str) -> None:
        self.kind, self.password, self.looks = kind, "old", 0

    def __getattr__(self, call: str) -> Any:
        assert call in {f"modify_db_{self.kind}", f"describe_db_{self.kind}s"}
        return self.modify if call.startswith("modify") else self.describe

    def modify(self, **given: Any) -> None:
        assert given[f"DB{self.kind.capitalize()}Identifier"] == "shop-1"
        assert given["ApplyImmediately"] is True
        self.password = given["MasterUserPassword"]

    def describe(self, **_given: Any) -> dict[str, Any]:
        self.looks += 1
        waiting = {"MasterUserPassword": "****"} if self.looks < 2 else {}
        status = {"cluster": "Status", "instance": "DBInstanceStatus"}[self.kind]
        return {f"DB{self.kind.capitalize()}s": [{status: "available", "PendingModifiedValues": waiting}]}


@pytest.mark.parametrize("kind", ["cluster", "instance"])
@pytest.mark.parametrize("pending", ["", '{"username": "shop", "password": "made-before"}'])
def test_the_function_rotates_in_four_steps(kind: str, pending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIND", kind)
    monkeypatch.setenv("DATABASE", "shop-1")
    space: dict[str, Any] = {}
    exec(compile(SOURCE, "index.py", "exec"), space)
    waited: list[int] = []
    space["STEPS"]["testSecret"] = lambda *given: space["wait"](*given, pause=waited.append)
    manager, rds = Manager(pending), Rds(kind)
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret", "finishSecret"):
        event = {"Step": step, "SecretId": "arn", "ClientRequestToken": "two"}
        space["handler"](event, None, client={"secretsmanager": manager, "rds": rds}.__getitem__)
    value = json.loads(manager.get_secret_value("arn", "AWSCURRENT")["SecretString"])
    assert value == {"username": "shop", "password": rds.password}
    assert rds.password == "made-before" if pending else len(rds.password) == 32
    assert len(waited) == 2
    assert manager.values["one"][0] == "AWSPREVIOUS"


def test_the_function_fits_into_a_template() -> None:
    assert len(SOURCE) <= 4096
