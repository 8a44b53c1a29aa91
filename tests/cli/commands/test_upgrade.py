"""`aurora-cfn upgrade` as a whole command: the file put back, and blue/green deployments over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result

from tests.cli.project import Project

PARAMS = """\
region: eu-west-1
account: "123456789012"
stacks:
  db:   # the database
    template: aurora-serverless-postgres
    parameters:
      EngineVersion: "17.6"   # oldest
      MaxCapacity: 8
"""
ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:db"
GREEN = f"{ARN}-green-abc123"
NAMED = {"BlueGreenDeploymentIdentifier": "bgd-1", "BlueGreenDeploymentName": "db-to-18-3"}
PG = "aurora-postgresql"


class UpgradeFakes:
    """A deployed stack, and RDS with its cluster; a switch is over at the first read after it."""

    def __init__(self, dev: Project) -> None:
        self.dev, self.answers = dev, dev.endpoint.answers
        dev.write(PARAMS)
        assert dev.deploy("--yes").exit_code == 0
        for action, kind in (("DescribeDBProxies", "DBProxies"), ("DescribeIntegrations", "Integrations"),
                             ("DescribeGlobalClusters", "GlobalClusters")):  # fmt: skip
            self.answers[action] = {kind: []}
        self.parameter("1")
        self.cluster("17.6")
        self.deployment(None)
        dev.endpoint.heard = self._heard

    def cluster(self, version: str, **more: Any) -> None:
        given = {
            "DBClusterIdentifier": "db", "DBClusterArn": ARN, "Status": "available", "Engine": PG,
            "EngineVersion": version, "DBClusterParameterGroup": "own", "DbClusterResourceId": f"cluster-{version}",
        }  # fmt: skip
        self.answers["DescribeDBClusters"] = {"DBClusters": [{**given, **more}]}
        member = {"DBInstanceIdentifier": "w", "DBClusterIdentifier": "db", "DBInstanceStatus": "available"}
        self.answers["DescribeDBInstances"] = {"DBInstances": [member]}
        offered = [
            {"EngineVersion": name, "IsMajorVersionUpgrade": name > "18"} for name in ("17.9", "18.3") if name > version
        ]
        row = {"Engine": PG, "EngineVersion": version, "ValidUpgradeTarget": offered}
        self.answers["DescribeDBEngineVersions"] = {"DBEngineVersions": [row]}

    def parameter(self, value: str) -> None:
        row = {"ParameterName": "rds.logical_replication", "ParameterValue": value}
        self.answers["DescribeDBClusterParameters"] = {"Parameters": [row]}

    def deployment(self, status: str | None) -> None:
        switched = status == "SWITCHOVER_COMPLETED"
        source, target = (f"{ARN}-old1", ARN) if switched else (ARN, "" if status == "PROVISIONING" else GREEN)
        row = {**NAMED, "Source": source, "Target": target, "Status": status}
        self.answers["DescribeBlueGreenDeployments"] = {"BlueGreenDeployments": [row] if status else []}
        made = {**NAMED, "Source": ARN, "Status": "PROVISIONING"}
        self.answers["CreateBlueGreenDeployment"] = {"BlueGreenDeployment": made}
        for action in ("SwitchoverBlueGreenDeployment", "DeleteBlueGreenDeployment"):
            self.answers[action] = {"BlueGreenDeployment": row}

    def _heard(self, action: str) -> None:
        if action == "CreateBlueGreenDeployment":
            self.deployment("PROVISIONING")
        elif action == "SwitchoverBlueGreenDeployment":
            self.deployment("SWITCHOVER_COMPLETED")
            self.cluster("18.3")

    def run(self, *arguments: str) -> Result:
        self.dev.endpoint.actions.clear()
        proof = () if "--plan" in arguments else ("--no-proof",)
        return self.dev.run("upgrade", "--env", "dev", "--endpoint-url", self.dev.endpoint.url, *proof, *arguments)

    @property
    def params(self) -> str:
        return (self.dev.folder / "params/dev.yaml").read_text()

    def called(self, *actions: str) -> list[str]:
        return [name for name in self.dev.endpoint.actions if name in actions]


@pytest.fixture
def upgrade(dev: Project) -> UpgradeFakes:
    return UpgradeFakes(dev)


CHANGING = (
    "CreateBlueGreenDeployment",
    "SwitchoverBlueGreenDeployment",
    "DeleteBlueGreenDeployment",
    "CreateChangeSet",
)


def test_a_plan_reads_only_and_says_what_could_not_be_checked(upgrade: UpgradeFakes) -> None:
    done = upgrade.run("--plan", "--to", "18", "--exit-code")
    assert done.exit_code == 8, done.output
    found = json.loads(done.stdout)
    assert [(row["name"], row["ready"]) for row in found["methods"]] == [("in place", True), ("blue/green", True)]
    assert found["settings"] == [{"parameter": "EngineVersion", "before": "17.6", "after": "18.3", "line": 7}]
    assert "the checks of the data were not made" in found["notes"][0]
    assert upgrade.called(*CHANGING) == []
    upgrade.cluster("18.3")
    assert upgrade.run("--plan", "--exit-code").exit_code == 0
    upgrade.cluster("17.6", MasterUserSecret={"SecretArn": "arn:secret"})
    assert upgrade.run("--blue-green", "--to", "18", "--yes").exit_code == 11
    assert upgrade.called(*CHANGING) == []


def test_a_major_upgrade_wants_the_name_of_the_stack_and_changes_one_line(upgrade: UpgradeFakes) -> None:
    done = upgrade.run("--to", "18.3", "--yes")
    assert (done.exit_code, "add --confirm db-dev" in done.stderr, upgrade.params) == (6, True, PARAMS)
    done = upgrade.run("--to", "18.3", "--yes", "--confirm", "db-dev")
    assert done.exit_code == 0, done.output
    assert upgrade.params == PARAMS.replace('"17.6"', '"18.3"')
    assert "CreateChangeSet" in upgrade.dev.endpoint.actions


@pytest.mark.parametrize("trouble", ["CreateChangeSet", "rolled back", "account"])
def test_the_file_is_put_back_where_the_stack_stays_as_it_was(upgrade: UpgradeFakes, trouble: str) -> None:
    if trouble == "account":
        upgrade.dev.write(PARAMS.replace('"123456789012"', '"210987654321"'))
    elif trouble == "rolled back":
        upgrade.dev.endpoint.cfn.fail["DBCluster"] = "no"
    else:
        upgrade.dev.endpoint.refusals[trouble] = [("AccessDenied", "not now")] * 9
    before = upgrade.params
    done = upgrade.run("--to", "17.9", "--yes")
    assert done.exit_code != 0
    assert upgrade.params == before, done.output


def test_a_file_with_an_alias_is_left_to_its_author(upgrade: UpgradeFakes) -> None:
    upgrade.dev.write(PARAMS.replace('"17.6"', '&v "17.6"') + "      DatabaseName: app\n")
    done = upgrade.run("--to", "17.9", "--yes")
    assert (done.exit_code, 'run this again: EngineVersion: "17.9"' in done.stderr) == (3, True), done.output


def test_a_blue_green_deployment_from_its_start_to_its_end(upgrade: UpgradeFakes) -> None:
    done = upgrade.run("--blue-green", "--to", "18.3", "--yes")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("db-to-18-3: PROVISIONING")
    assert "green has default.aurora-postgresql18 until the stack is in step" in done.stderr
    again = upgrade.run("--blue-green", "--yes")
    assert (again.exit_code, upgrade.called(*CHANGING)) == (0, [])
    early = upgrade.run("--switch", "--yes", "--confirm", "db-dev")
    assert (early.exit_code, upgrade.called(*CHANGING)) == (7, [])
    in_place = upgrade.run("--to", "17.9", "--yes")
    assert (in_place.exit_code, "--switch or --abandon it" in in_place.stderr) == (11, True)

    upgrade.deployment("AVAILABLE")
    unnamed = upgrade.run("--switch", "--yes")
    assert (unnamed.exit_code, upgrade.called(*CHANGING)) == (6, [])
    done = upgrade.run("--switch", "--yes", "--confirm", "db-dev")
    assert done.exit_code == 0, done.output
    assert upgrade.called(*CHANGING) == ["SwitchoverBlueGreenDeployment", "CreateChangeSet"]
    assert upgrade.params == PARAMS.replace('"17.6"', '"18.3"')
    assert "name cluster-17.6: write cluster-18.3 there" in done.stderr
    assert "the old cluster db-old1 still runs" in done.stderr

    # Run again after an interruption: there is nothing to switch, and nothing to deploy.
    done = upgrade.run("--switch", "--yes")
    assert (done.exit_code, upgrade.called("SwitchoverBlueGreenDeployment")) == (0, []), done.output
    done = upgrade.run("--abandon", "--confirm", "db-dev")
    assert (done.exit_code, upgrade.called(*CHANGING)) == (0, ["DeleteBlueGreenDeployment"]), done.output


def test_a_copy_is_not_in_the_params_file_and_not_upgraded(upgrade: UpgradeFakes) -> None:
    cfn = upgrade.dev.endpoint.cfn
    original = cfn.stack("db-dev")
    assert original is not None
    tags = {**original.tags, "aurora-cfn:copy": "restore", "aurora-cfn:copy-of": "db-dev"}
    copy = cfn.put("db-dev-r1", "CREATE_COMPLETE", cfn.template("db-dev"), tags=tags)
    (cluster,) = (row for row in cfn.resources("db-dev") if row.type == "AWS::RDS::DBCluster")
    cfn.put_resource(copy, cluster)
    done = upgrade.run("--plan", "--stack", "db-dev-r1")
    assert (done.exit_code, "copies are not upgraded" in done.stderr) == (3, True), done.output


def test_what_is_not_there_is_neither_switched_nor_abandoned(upgrade: UpgradeFakes) -> None:
    for action in ("--switch", "--abandon"):
        done = upgrade.run(action, "--yes", "--confirm", "db-dev")
        assert (done.exit_code, "--blue-green makes one" in done.stderr) == (3, True), done.output
    upgrade.deployment("SWITCHOVER_IN_PROGRESS")
    assert upgrade.run("--abandon", "--confirm", "db-dev").exit_code == 7
