"""The section `fleet`: as a value, and every complaint with its line."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import AllowedReplacement, Environment, Fleet, Pool, StackRef
from aurora_cfn.template.summary import summary_of
from tests.environment.toys import PATH, TEMPLATES, complaints, loaded

HEAD = """\
region: eu-west-1
stacks:
  network:
    template: network
fleet:
"""
GOOD = f"""\
{HEAD}  name: clientdb
  template: database
  regions: [eu-west-1, eu-central-1]
  defaults:
    NetworkStackName: {{stack: network}}
    High: 8
  max_clients_per_region: 20
"""
LINES = """allow_replace:
    - {resource: Cluster, until: 2026-12-31, reason: empty}
    - {resource: Writer, until: 2026-12-31, reason: new size, client: acme}
"""


def test_a_fleet_is_read_and_its_parameters_without_a_default_are_not_asked_for() -> None:
    assert loaded(GOOD).fleet == Fleet(
        "clientdb", "database", ("eu-west-1", "eu-central-1"), {"NetworkStackName": StackRef("network"), "High": "8"},
        20, 5, {"NetworkStackName": 10, "High": 11},
    )  # fmt: skip
    assert loaded(HEAD.replace("fleet:\n", "")).fleet is None


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("name: clientdb", "name: Client_db", 6, "fleet.name", "lower-case letters, digits and single hyphens"),
        ("name: clientdb", f"name: {'a' * 31}", 6, "fleet.name", "more than the maximum 30"),
        ("template: database", "template: databse", 7, "fleet.template", "is not known here"),
        ("[eu-west-1, eu-central-1]", "[]", 8, "fleet.regions", "is empty, at least 1 is needed"),
        ("eu-central-1]", "eu-centrl-1]", 8, "fleet.regions.1", "is not the name of a region"),
        ("High: 8", "Hihg: 8", 11, "fleet.defaults.Hihg", "unknown key"),
        ("High: 8", "High: 300", 11, "fleet.defaults.High", "256"),
        ("High: 8", "High: 1", 11, "fleet.defaults", "Low 2 is over High 1"),
        ("stack: network", "stack: netwrk", 10, "fleet.defaults.NetworkStackName", "there is no stack netwrk"),
        ("max_clients_per_region: 20", "max_clients_per_region: 0", 12, "fleet.max_clients_per_region", "not between"),
        ("max_clients_per_region: 20", "max_clients_per_region: yes", 12, "fleet.max_clients_per_region", "whole"),
        ("max_clients_per_region: 20", "most: 20", 12, "fleet.most", "unknown key"),
        (
            "regions:",
            "allow_replace: [{resource: A, reason: x}]\n  regions:",
            8,
            "fleet.allow_replace.0",
            "key until is missing",
        ),
        ("regions:", f"{LINES.replace('12-31', '02-30', 1)}  regions:", 9, "fleet.allow_replace.0.until", "no date"),
        ("regions:", f"{LINES.replace('acme', 'A')}  regions:", 10, "fleet.allow_replace.1.client", "lower-case"),
    ],
)
def test_a_fault_has_its_line_and_its_key(old: str, new: str, line: int, key: str, said: str) -> None:
    (found,) = complaints(GOOD.replace(old, new))
    assert (found.line, found.key) == (line, key), str(found)
    assert said in str(found)


def test_replacements_are_allowed_in_all_clients_or_in_one() -> None:
    fleet = loaded(GOOD.replace("regions:", f"{LINES}  regions:")).fleet
    assert fleet
    every, one = AllowedReplacement("Cluster", "2026-12-31", "empty", 9), "acme"
    assert fleet.allowed_in(one) == (every, AllowedReplacement("Writer", "2026-12-31", "new size", 10, one))
    assert fleet.allowed_in("globex", "222222222222") == (every,)


POOL = f"""\
{HEAD.replace("template: network", "template: shared")}  name: clientdb
  regions: [eu-west-1]
  pool: {{stack: network, connection_limit: 5, migrations: sql}}
"""


def pooled(text: str, *resources: dict[str, Any]) -> Environment:
    """The environment with a template `shared` that has these resources, or a cluster for a pool."""
    rows = {f"R{number}": row for number, row in enumerate(resources or (cluster(),))}
    return load(text, PATH, "dev", {**TEMPLATES, "shared": summary_of("shared", {"Resources": rows})})


def cluster(engine: str = "aurora-postgresql", **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": engine, **properties}}


def test_a_pool_needs_no_template() -> None:
    found = pooled(POOL).fleet
    assert found
    assert found.pool == Pool("network", 5, "sql")


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("  regions", "  template: database\n  regions", "fleet.template", "is not used beside `pool`"),
        ("  regions", "  defaults: {Low: 2}\n  regions", "fleet.defaults", "is not used beside `pool`"),
        ("  regions", f"  {LINES}  regions", "fleet.allow_replace", "is not used beside `pool`"),
        ("  pool: {", "  x: {", "fleet", "template"),
        ("stack: network", "stack: netwrk", "fleet.pool.stack", "there is no stack netwrk"),
        ("limit: 5", "limit: 0", "fleet.pool.connection_limit", "not between"),
        ("migrations: sql", "migrations: /sql", "fleet.pool.migrations", "a folder of the repository"),
    ],
)
def test_a_fault_of_a_pool_has_its_key(old: str, new: str, key: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        pooled(POOL.replace(old, new))
    assert said in {row.key: str(row) for row in caught.value.complaints}[key]


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ((cluster(), {"Type": "AWS::RDS::DBInstance"}), ""),
        ((cluster(EnableHttpEndpoint=True),), ""),
        ((cluster(), cluster("aurora-mysql")), ""),
        (({"Type": "AWS::CloudFormation::Stack"},), ""),
        ((cluster("aurora-mysql"),), "the template shared has the engine aurora-mysql: pools are made on PostgreSQL"),
        ((cluster(EnableHttpEndpoint=False),), "has no Data API"),
        (({"Type": "AWS::DSQL::Cluster"},), "is Aurora DSQL"),
        (({"Type": "AWS::RDS::DBInstance"},), "has no cluster of Aurora"),
        (({"Type": "AWS::EC2::VPC"},), "has no cluster of Aurora"),
    ],
)
def test_a_stack_that_can_be_no_pool_is_found_offline(resources: tuple[dict[str, Any], ...], said: str) -> None:
    if not said:
        assert pooled(POOL, *resources).fleet
        return
    with pytest.raises(InputError) as caught:
        pooled(POOL, *resources)
    (found,) = caught.value.complaints
    assert (found.line, found.key, said in str(found)) == (8, "fleet.pool.stack", True), str(found)


def test_a_fleet_leaves_room_for_its_own_tags() -> None:
    tags = "tags: {" + ", ".join(f"Tag{number}: x" for number in range(45)) + "}\n"
    (found,) = complaints(tags + GOOD)
    assert "45 tags of the environment are more than the maximum 44 beside a fleet" in str(found)
