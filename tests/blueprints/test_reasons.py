"""What a rendered template explains to its reader: why resources wait, and which parameters replace something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from tests.blueprints.names import TEMPLATES, rendered

RENDERED = rendered()
FELT = {
    "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy", "AWS::DSQL::Cluster", "AWS::EC2::VPC",
    "AWS::EC2::Subnet", "AWS::EC2::ClientVpnEndpoint",
}  # fmt: skip
"""Types whose replacement empties a database, fails while they are used, or needs new addresses or profiles."""
OTHER = {"Number": "7", "AWS::EC2::VPC::Id": "vpc-1", "AWS::EC2::SecurityGroup::Id": "sg-1"}
SOURCES: tuple[Mapping[str, str], ...] = (
    {},
    {"SourceDBClusterIdentifier": "other"},
    {"SnapshotIdentifier": "snapshot"},
)
"""Values beside which a parameter is changed: some have an effect only when the database comes from a source."""


@pytest.mark.parametrize("name", RENDERED)
def test_each_depends_on_has_a_comment_with_its_reason(name: str) -> None:
    lines = (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    waits = [number for number, line in enumerate(lines) if line.strip().startswith("DependsOn:")]
    assert [lines[number] for number in waits if not lines[number - 1].strip().startswith("#")] == []


def replacing(template: dict[str, Any]) -> Iterator[str]:
    """Parameters that replace a resource of those types when they get another value."""
    declared = template.get("Parameters", {})
    if not any(row["Type"] in FELT for row in template["Resources"].values()):
        return
    for name, row in declared.items():
        default = str(row.get("Default", ""))
        allowed = [str(value) for value in row.get("AllowedValues", ()) if str(value) != default]
        # With many allowed values, such as prefixes, the first and the last stand for all.
        for value in {*allowed[:1], *allowed[-1:]} or {OTHER.get(row["Type"], f"{default}x")}:
            for before in (given for given in SOURCES if given.keys() <= declared.keys() - {name}):
                after = {**before, name: value}
                found = changes(
                    Side(template, parameters=before, stack="s"), Side(template, parameters=after, stack="s")
                )
                if any(row.type in FELT and any(effect.replaces for effect in row.effects) for row in found):
                    yield name


@pytest.mark.parametrize("name", RENDERED)
def test_a_parameter_that_replaces_something_says_so(name: str) -> None:
    found = set(replacing(RENDERED[name]))
    silent = {row for row in found if not re.search("replac", RENDERED[name]["Parameters"][row]["Description"])}
    assert not silent


def test_parameters_that_replace_the_database_are_found() -> None:
    found = set(replacing(RENDERED["aurora-serverless-postgres"]))
    assert {"ClusterName", "DatabaseName", "DBMaster", "KmsKeyId", "RestoreToTime"} <= found
    assert not found & {"MaxCapacity", "EngineVersion", "DBBackupRetentionPeriod"}
