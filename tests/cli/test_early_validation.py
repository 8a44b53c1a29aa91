"""Change sets that CloudFormation rejects before it touches anything, as whole commands."""

from __future__ import annotations

import pytest

from aurora_cfn.model.change_set import ValidationFailure
from tests.cli.project import PARAMS, Project

WRITES = {"ExecuteChangeSet", "SetStackPolicy", "UpdateTerminationProtection"}
VERSION = ValidationFailure("Unknown engine version", "/Resources/DBCluster/Properties/EngineVersion")
SUBNETS = ValidationFailure("Not a subnet", "/Resources/DBSubnetGroup/Properties/SubnetIds/0")
NAME = ValidationFailure("Already exists", "/Resources/PostgresqlLogGroup")
WARNING = ValidationFailure("Deprecated", "/Resources/Writer/Properties/Engine", mode="WARN")
REASON = "db-dev: the change set was rejected: The following hook(s)/validation failed"


def line_of(dev: Project, *parts: str) -> int:
    """The number of the template's line that the keys lead to, read the way a person reads it."""
    lines = (dev.folder / "templates" / "aurora-serverless-postgres.yaml").read_text().splitlines()
    number = lines.index("Resources:")
    for depth, part in enumerate(parts, 1):
        number = next(n for n in range(number, len(lines)) if lines[n].startswith(f"{'  ' * depth}{part}:"))
    return number + 1


@pytest.mark.parametrize("exists", [False, True])
def test_every_failure_is_shown_with_its_line_and_all_is_taken_back(dev: Project, exists: bool) -> None:
    if exists:
        assert dev.deploy("--yes").exit_code == 0
        dev.write(PARAMS.replace("stacks:", "tags: {Team: data}\nstacks:"))
        dev.endpoint.actions.clear()
    dev.endpoint.cfn.early = [VERSION, NAME, WARNING]
    result = dev.deploy("--dry-run" if exists else "--yes")
    assert result.exit_code == 5, result.stderr
    place = "templates/aurora-serverless-postgres.yaml"
    version = line_of(dev, "DBCluster", "Properties", "EngineVersion")
    assert (
        "error: db-dev: CloudFormation rejected the template before touching anything:\n"
        f"  {place}:{version}: {VERSION.path}: Unknown engine version\n"
        f"  {place}:{line_of(dev, 'PostgresqlLogGroup')}: {NAME.path}: Already exists\n"
        "    what to do: something outside this stack has that name: "
    ) in result.stderr
    assert "Deprecated" not in result.stderr
    assert not WRITES & set(dev.endpoint.actions)
    assert dev.endpoint.cfn.names() == (["db-dev"] if exists else [])
    assert dev.endpoint.cfn.change_sets("db-dev") == []
    assert dev.endpoint.actions.count("DeleteStack") == (0 if exists else 1)


def test_a_place_in_a_list_leads_to_the_nearest_line_above_it(dev: Project) -> None:
    dev.endpoint.cfn.early = [SUBNETS]
    result = dev.deploy("--yes")
    assert result.exit_code == 5
    assert f".yaml:{line_of(dev, 'DBSubnetGroup', 'Properties', 'SubnetIds')}: {SUBNETS.path}" in result.stderr


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "where in the template it is wrong cannot be read: DescribeEvents: no (AccessDenied)"),
        ("AccessDeniedException", "cannot be read"),
        ("ServiceFailure", "cannot be read"),
        ("InvalidAction", ""),
        ("UnknownOperation", ""),
        ("ValidationError", ""),
    ],
)
def test_without_the_places_there_is_the_reason_of_the_change_set(dev: Project, code: str, message: str) -> None:
    dev.endpoint.cfn.early = [VERSION]
    dev.endpoint.refusals["DescribeEvents"] = [(code, "no")]
    result = dev.deploy("--yes")
    assert result.exit_code == 5, result.stderr
    assert REASON in result.stderr
    assert message in result.stderr
    assert ("cannot be read" in result.stderr) == bool(message)
    assert dev.endpoint.cfn.names() == []
    assert not WRITES & set(dev.endpoint.actions)


def test_no_plan_is_written_of_it(dev: Project) -> None:
    dev.endpoint.cfn.early = [VERSION]
    result = dev.deploy("--plan", "plan.json")
    assert result.exit_code == 5, result.stderr
    assert "Unknown engine version" in result.stderr
    assert not (dev.folder / "plan.json").exists()
    assert dev.endpoint.cfn.names() == []
