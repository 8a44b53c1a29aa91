"""What the proxy promises: IAM and TLS, one secret, one way, and the checks with the database behind it."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints.aurora_serverless_mysql import BLUEPRINT as MYSQL
from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT as POSTGRES
from aurora_cfn.blueprints.rds_postgres import BLUEPRINT as INSTANCE
from aurora_cfn.blueprints.rds_proxy import BLUEPRINT
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import summaries, template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
KNOWN = summaries((MYSQL, POSTGRES, INSTANCE, BLUEPRINT))
FILE = """\
region: eu-west-1
stacks:
  db:
    template: {database}
    parameters: {{{settings}}}
  proxy:
    template: rds-proxy
    parameters:
      TargetType: {kind}
      TargetName: {{output: db.{name}}}
      EngineFamily: {family}
      DatabaseClientSecurityGroupId: {{output: db.ClientSecurityGroupId}}
      SecretArn: {{output: db.SecretArn}}
      VpcId: vpc-0123456789abcdef0
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
"""
AWAKE = "AutoPause: false, MinCapacity: 1"


def loaded(database: str, *, kind: str = "cluster", family: str = "POSTGRESQL", settings: str = AWAKE) -> list[str]:
    name = "InstanceName" if "rds" in database else "ClusterName"
    text = FILE.format(database=database, kind=kind, name=name, family=family, settings=settings)
    return [finding.message for finding in load(text, "params/dev.yaml", "dev", KNOWN).warnings]


@pytest.mark.parametrize(
    ("database", "kind", "family", "settings"),
    [
        ("aurora-serverless-postgres", "cluster", "POSTGRESQL", AWAKE),
        ("aurora-serverless-mysql", "cluster", "MYSQL", AWAKE),
        ("rds-postgres", "instance", "POSTGRESQL", ""),
    ],
)
def test_a_cluster_or_an_instance_of_either_engine_is_taken(
    database: str, kind: str, family: str, settings: str
) -> None:
    assert loaded(database, kind=kind, family=family, settings=settings) == []


def test_a_cluster_that_should_pause_is_warned_of() -> None:
    (warning,) = loaded("aurora-serverless-postgres", settings="")
    assert "never pauses" in warning


@pytest.mark.parametrize(
    ("database", "kind", "family", "words"),
    [
        ("aurora-serverless-mysql", "cluster", "POSTGRESQL", "does not fit a database of version 8.0.mysql_aurora"),
        ("aurora-serverless-postgres", "cluster", "MYSQL", "POSTGRESQL"),
        ("aurora-serverless-postgres", "instance", "POSTGRESQL", "TargetName is a cluster"),
        ("rds-postgres", "cluster", "POSTGRESQL", "TargetName is an instance"),
    ],
)
def test_what_does_not_fit_the_database_is_refused(database: str, kind: str, family: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as raised:
        loaded(database, kind=kind, family=family, settings="" if "rds" in database else AWAKE)
    assert len(raised.value.complaints) == 1


def test_clients_must_use_iam_and_tls() -> None:
    proxy = RESOURCES["DBProxy"]["Properties"]
    assert proxy["RequireTLS"] is True
    assert [entry["IAMAuth"] for entry in proxy["Auth"]] == ["REQUIRED"]


def test_the_role_reads_one_secret_and_at_most_one_key() -> None:
    (policy,) = RESOURCES["ProxyRole"]["Properties"]["Policies"]
    secret, key = policy["PolicyDocument"]["Statement"]
    assert (secret["Action"], secret["Resource"]) == ("secretsmanager:GetSecretValue", {"Ref": "SecretArn"})
    assert key["Fn::If"][1]["Resource"] == {"Ref": "SecretKeyArn"}


def test_no_parameter_is_imported_so_that_nothing_locks_the_database() -> None:
    assert "Fn::ImportValue" not in str(TEMPLATE)


@pytest.mark.parametrize(
    ("name", "default", "good", "bad"),
    [
        ("IdleClientTimeout", "7200", ["1", "28800"], ["0", "28801"]),
        ("MaxConnectionsPercent", "100", ["1"], ["0", "101"]),
        ("DebugLogging", "false", ["true"], ["on"]),
        ("SecretArn", None, ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-1a-AbCdEf"], ["x", ""]),
        ("SubnetIds", None, ["subnet-01234567,subnet-12345678"], ["vpc-01234567", ""]),
        ("ProxyName", "", ["", "proxy-1"], ["a--b", "1a", "a_b", "a-"]),
    ],
)
def test_parameters_have_their_defaults_and_bounds(
    name: str, default: str | None, good: list[str], bad: list[str]
) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert row.default_text == default
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


def test_one_subnet_is_too_few() -> None:
    values = {row.name: row.default_text or "" for row in BLUEPRINT.parameters} | {"SubnetIds": "subnet-01234567"}
    (check,) = (row for row in BLUEPRINT.checks if row.keys == ("SubnetIds",))
    assert check.problem(values) == "SubnetIds names one subnet: a proxy needs subnets in at least two zones"
    assert check.problem(values | {"SubnetIds": "subnet-01234567,subnet-12345678"}) is None
