"""What holds for every rule, and rules inside the real cfn-lint."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.refusals import property_rules
from aurora_cfn.lint.engine import lint, rules
from aurora_cfn.lint.subject import RULES_FOLDER, Subject
from aurora_cfn.lint.variants import variants
from tests.lint.rules import test_capacity_rules, test_database_rules, test_neighbour_rules, test_refusal_rules
from tests.lint.toys import GOOD, changed

CREATE_ONLY = read_facts("rule_tables")["create_only"]
OURS = sorted(name for name in rules() if re.match(r"[EWI]9\d{3}", name))
TABLES = (test_capacity_rules, test_database_rules, test_neighbour_rules, test_refusal_rules)
TODAY = date(2026, 11, 28)
# The tables of refusals have tests of their own: a bad and a good case for each row. E9074 needs a region,
# E9077 a text in YAML (test_engine.py).
OF_TABLES = {"E9060", "E9061", "W9061", "E9074", "E9077"}


@pytest.mark.parametrize("name", OURS)
def test_a_rule_says_what_why_and_what_to_do(name: str) -> None:
    rule = rules()[name]
    assert rule.id == name
    assert rule.shortdesc
    assert not rule.shortdesc.endswith(".")
    assert rule.description.endswith(".")
    assert rule.fix
    assert rule.source_url.startswith("https://docs.aws.amazon.com/")
    assert date.fromisoformat(rule.checked) <= date.today()


@pytest.mark.parametrize("name", sorted({*OURS} - OF_TABLES))
def test_a_rule_has_bad_and_good_cases(name: str) -> None:
    bad = {row[0] for table in TABLES for row in table.BAD}
    good = {row[0] for table in TABLES for row in table.GOOD}
    assert name in bad & good


def test_every_rule_of_the_modules_and_of_the_table_is_loaded_under_its_own_id() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in RULES_FOLDER.glob("*.py"))
    written = re.findall(r'^    id = "(\w+)"$', text, re.MULTILINE)
    assert sorted([*written, *(row.id for row in property_rules())]) == OURS


def test_no_rule_minds_the_good_template() -> None:
    ((*found,),) = lint([Subject("t.json", json.dumps(GOOD))], today=TODAY)
    assert not [row for row in found if row.rule in OURS]


@pytest.mark.slow
def test_the_shipped_templates_are_silent() -> None:
    folder = Path(__file__).parents[3] / "templates"
    subjects = [Subject(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    assert [finding for found in lint(subjects, today=TODAY) for finding in found] == []


def test_a_finding_of_ours_has_a_line_and_a_source() -> None:
    text = json.dumps(changed({"Cluster.EngineMode": "serverless"}), indent=1)
    ((*found,),) = lint([Subject("t.json", text)], today=TODAY)
    (finding,) = [row for row in found if row.rule == "E9001"]
    assert '"EngineMode": "serverless"' in text.splitlines()[finding.line - 1]
    assert finding.key == "Resources/Cluster/Properties/EngineMode"
    assert finding.source.startswith("https://docs.aws.amazon.com/")


@pytest.mark.slow
def test_plain_cfn_lint_runs_our_rules(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(changed({"Cluster.EngineMode": "serverless", "Writer.PubliclyAccessible": True})))
    ran = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--append-rules", RULES_FOLDER, "--format", "json", file],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert ran.stderr == ""
    assert {"E9001", "W9030"} <= {row["Rule"]["Id"] for row in json.loads(ran.stdout)}


@pytest.mark.parametrize("kind", sorted(CREATE_ONLY))
def test_what_replaces_a_database_is_what_the_schemas_say(kind: str) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    listed = {name.rpartition("/")[2] for name in schema["createOnlyProperties"]}
    # An instance of a cluster keeps no data, so what moves it to another cluster is left out.
    left_out = {"MasterUsername"} | ({"DBClusterIdentifier"} if kind.endswith("Instance") else set())
    assert set(CREATE_ONLY[kind]) - {"MasterUsername"} == listed - left_out
    assert "MasterUsername" in str(schema["conditionalCreateOnlyProperties"]) + str(schema["createOnlyProperties"])


TYPES = (
    "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy", "AWS::RDS::DBProxyTargetGroup",
    "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::GlobalCluster", "AWS::IAM::Role",
    "AWS::IAM::Policy", "AWS::EC2::ClientVpnEndpoint", "AWS::EC2::SecurityGroup", "AWS::EC2::Subnet",
    "AWS::DSQL::Cluster", "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::EC2::VPCEndpoint",
)  # fmt: skip
NAMES = sorted(
    {"R0", "R1", "AWS::NoValue", "aurora-postgresql", "aurora-mysql", "17.4", "x", "", "*", "0.0.0.0/0", "true"}
    | {"db.serverless", "10.0.0.0/8", "C", "NONE", "serverless", "Allow", "secretsmanager:*", "P"}
)
KEYS = sorted(
    {"Ref", "Fn::If", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Statement"}
    | {"Engine", "EngineVersion", "DBClusterIdentifier", "ServerlessV2ScalingConfiguration", "MinCapacity", "Tags"}
    | {"MaxCapacity", "SubnetIds", "Auth", "IAMAuth", "SecretArn", "Policies", "PolicyDocument", "Effect", "Action"}
    | {"Resource", "CidrBlock", "ClientCidrBlock", "AuthenticationOptions", "Parameters", "DBClusterIdentifiers"}
    | {"DBProxyName", "RoleArn", "SecurityGroupIngress", "CidrIp", "VpcSecurityGroupIds", "EnableHttpEndpoint"}
    | {"EnableCloudwatchLogsExports", "DBClusterParameterGroupName", "DatabaseName", "MasterUsername", "VpcConfig"}
)
NODES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 300) | st.floats(0, 300) | st.sampled_from(NAMES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)
RESOURCES = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES), "Properties": st.dictionaries(st.sampled_from(KEYS), NODES, max_size=8)},
    optional={"DependsOn": NODES, "Condition": NODES, "DeletionPolicy": NODES, "UpdateReplacePolicy": NODES},
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RESOURCES, min_size=1, max_size=5), NODES, NODES, NODES)
def test_no_rule_stumbles_over_an_odd_shape(
    resources: list[dict[str, Any]], condition: Any, parameter: Any, outputs: Any
) -> None:
    template = {
        "Parameters": {"P": {"Type": "String", "Default": parameter}, "Q": parameter},
        "Conditions": {"C": condition},
        "Rules": {"R": {"Assertions": [{"Assert": condition}]}},
        "Resources": {f"R{number}": row for number, row in enumerate(resources)},
        "Outputs": {"O": {"Value": outputs}, "X": outputs},
    }
    every = variants(template, {}, region="us-east-1")
    for name in OURS:
        rule = rules()[name]
        rule.configure({"today": "2026-11-21"})
        for variant in every:
            assert all(problem.message for problem in rule.look(variant))
