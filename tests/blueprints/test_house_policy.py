"""Every template, those to come too, keeps the rules of the house; and every rule is shown to find what breaks it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blueprints import house_policy as house
from tests.blueprints.names import GOLDEN, TEMPLATES, names, rendered

RENDERED = rendered()


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", RENDERED)
def test_the_template_keeps_the_rule(name: str, rule: house.Rule) -> None:
    assert list(rule(RENDERED[name])) == []


def put(template: str, path: str, value: Any) -> dict[str, Any]:
    """A copy with one value changed; None takes it out. What is not on the way to it is shared with the original."""
    changed = copy.copy(RENDERED[template])
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place: Any = changed
    for part in way:
        place[part] = copy.copy(place[part])
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


POSTGRES, MYSQL = "aurora-serverless-postgres", "aurora-serverless-mysql"


@pytest.mark.parametrize(
    ("rule", "template", "path", "value", "words"),
    [
        (house.encrypted, POSTGRES, "Resources/DBCluster/Properties/StorageEncrypted", False, "StorageEncrypted"),
        (house.encrypted, "rds-postgres", "Resources/DBInstance/Properties/StorageEncrypted", None, "DBInstance"),
        (house.encrypted, "monitoring", "Resources/Topic/Properties/KmsMasterKeyId", None, "KmsMasterKeyId"),
        (house.encrypted, "monitoring", "Resources/TopicKey/Properties/EnableKeyRotation", False, "Rotation"),
        (house.over_tls, MYSQL, "Resources/DBClusterParameterGroup/Properties/Parameters", {}, "force TLS"),
        (house.over_tls, POSTGRES, "Resources/DBCluster/Properties/DBClusterParameterGroupName", None, "of its own"),
        (house.over_tls, "rds-proxy", "Resources/DBProxy/Properties/RequireTLS", False, "RequireTLS"),
        (house.over_tls, "monitoring", "Resources/TopicPolicy/Properties/PolicyDocument/Statement/1", None, "TLS"),
        (house.logging_in_with_iam, "rds-proxy", "Resources/DBProxy/Properties/Auth/0/IAMAuth", "DISABLED", "IAM"),
        (house.logging_in_with_iam, "rds-postgres", "Resources/DBInstance/Properties/EnableIAMDatabaseAuthentication",
         False, "IAM"),
        (house.least_privilege, "rds-proxy",
         "Resources/ProxyRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource", "*", "any resource"),
        (house.least_privilege, "rds-proxy",
         "Resources/ProxyRole/Properties/Policies/0/PolicyDocument/Statement/0/Action", "secretsmanager:*", "action"),
        (house.least_privilege, "monitoring", "Resources/TopicPolicy/Properties/PolicyDocument/Statement/0/Principal",
         "*", "any principal"),
        (house.least_privilege, "monitoring", "Resources/TopicKey/Metadata", {}, "any resource"),
        (house.least_privilege, POSTGRES, "Resources/MonitoringRole/Properties/ManagedPolicyArns/0",
         "arn:aws:iam::aws:policy/AdministratorAccess", "managed policy"),
        (house.least_privilege, "http-api", "Resources/ApiMayCall/Properties/SourceArn", None, "anybody"),
        (house.logs_with_retention, "network", "Resources/FlowLogGroup/Properties/RetentionInDays", None, "for ever"),
        (house.logs_with_retention, "network", "Resources/FlowLog", None, "no flow log"),
        (house.logs_with_retention, MYSQL, "Resources/SlowqueryLogGroup", None, "'slowquery'"),
        (house.logs_with_retention, MYSQL, "Resources/DBCluster/Properties/EnableCloudwatchLogsExports", [],
         "no group"),
        (house.logs_with_retention, "rds-proxy", "Resources/LogGroup", None, "no group before it"),
        (house.logs_with_retention, "network", "Resources/CloseDefaultGroupFunction/Properties/LoggingConfig", None,
         "of its own"),
        (house.nothing_open_to_the_world, "network-endpoints", "Resources/EndpointIngress/Properties/CidrIp", "::/0",
         "world"),
        (house.nothing_open_to_the_world, "network-endpoints", "Parameters/VpcCidr/Default", "0.0.0.0/0", "world"),
        (house.nothing_open_to_the_world, POSTGRES, "Resources/Writer/Properties/PubliclyAccessible", True, "Public"),
        (house.nothing_open_to_the_world, "network", "Resources/PublicSubnet1/Properties/MapPublicIpOnLaunch", True,
         "MapPublic"),
        (house.egress_stated, "rds-proxy", "Resources/ProxySecurityGroup/Properties/SecurityGroupEgress", [], "leave"),
        (house.egress_stated, "rds-proxy", "Resources/ProxySecurityGroup/Properties/SecurityGroupEgress/0/CidrIp",
         "0.0.0.0/0", "anywhere"),
        (house.data_kept, POSTGRES, "Resources/DBCluster/UpdateReplacePolicy", None, "UpdateReplacePolicy is None"),
        (house.data_kept, "rds-postgres", "Resources/DBInstance/DeletionPolicy", "Delete", "DeletionPolicy is Delete"),
        (house.data_kept, "dsql", "Resources/Cluster/DeletionPolicy", "Delete", "DeletionPolicy is Delete"),
        (house.data_kept, POSTGRES, "Parameters/DeletionProtection/Default", "false", "off by default"),
        (house.data_kept, POSTGRES, "Resources/DBCluster/Properties/BackupRetentionPeriod", None, "backups"),
        (house.data_kept, POSTGRES, "Resources/DBCluster/Properties/DeleteAutomatedBackups", None, "go with it"),
        (house.no_secret_in_the_open, POSTGRES, "Parameters/MasterPassword", {"Type": "String"}, "shown"),
        (house.no_secret_in_the_open, POSTGRES, "Resources/DBCluster/Properties/MasterUserPassword", "x", "password"),
        (house.described, "network", "Parameters/Zones/Description", "Zones.", "Parameters.Zones"),
        (house.described, "network", "Outputs/VpcId/Description", None, "Outputs.VpcId"),
        (house.described, "network-endpoints", "Resources/EndpointIngress/Properties/Description", None,
         "EndpointIngress"),
        (house.grouped, "network", "Parameters/Another", {"Type": "String"}, "no group"),
        (house.exported, "network", "Outputs/VpcId/Export/Name", "vpc", "VpcId"),
        (house.exported, "network", "Outputs/StackName", None, "StackName"),
        (house.waived_with_a_reason, POSTGRES, "Resources/ClientSecurityGroup/Metadata/aurora-cfn", {}, "cfn-lint"),
        (house.waived_with_a_reason, POSTGRES, "Resources/PostgresqlLogGroup/Metadata/checkov/skip/0/comment", "no",
         "without a reason"),
        (house.bounded, "rds-proxy", "Resources/ProxyRole/Properties/PermissionsBoundary", None, "ProxyRole"),
        (house.bounded, "network", "Parameters/PermissionsBoundary/Default", None, "an update would ask"),
        (house.trusted_by_own_account, "http-api",
         "Resources/ApiRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition", None, "another account"),
        (house.in_one_form, "rds-proxy", "Resources/DBProxy/DependsOn", "LogGroup", "not a list"),
        (house.in_one_form, "network", "Resources/VPC/Properties/Tags/0/Value", {"Fn::Sub": "${AWS::StackName}"},
         "is a Ref"),
        (house.in_any_partition, POSTGRES, "Resources/MonitoringRole/Properties/ManagedPolicyArns/0",
         "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole", "one partition"),
        (house.in_any_partition, "monitoring", "Outputs/DashboardUrl/Value",
         {"Fn::Sub": "https://x.${AWS::Region}.amazonaws.com/"}, "one partition"),
        (house.in_any_partition, "http-api", "Resources/ApiMayCall/Properties/Principal",
         "https://apigateway.amazonaws.com", "one partition"),
    ],
)  # fmt: skip
def test_the_rule_finds_what_breaks_it(
    rule: Callable[[house.Template], Any], template: str, path: str, value: Any, words: str
) -> None:
    found = list(rule(put(template, path, value)))
    assert found
    assert all(words in problem for problem in found)


def paths(value: Any, parent: str = "") -> Iterator[str]:
    """Every path below a value, in the form that `put` takes."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in rows:
        if "/" not in str(key):
            yield f"{parent}{key}"
            yield from paths(below, f"{parent}{key}/")


def properties_of(template: dict[str, Any]) -> Iterator[str]:
    for name, entry in template["Resources"].items():
        yield from paths(entry.get("Properties", {}), f"Resources/{name}/Properties/")


@pytest.mark.parametrize("name", RENDERED)
def test_a_reference_in_any_place_is_judged_and_never_an_error(name: str) -> None:
    for path in properties_of(RENDERED[name]):
        changed = put(name, path, {"Ref": "Anything"})
        for rule in house.RULES:
            assert all(isinstance(problem, str) for problem in rule(changed)), path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Resources/ProxySecurityGroup/Properties/SecurityGroupEgress", {"Ref": "Rules"}),
        ("Resources/ProxyRole/Properties/Policies/0/PolicyDocument/Statement", {"Ref": "Statements"}),
        ("Resources/DBProxy/Properties/DebugLogging", {"Ref": "DebugLogging"}),
    ],
)
def test_a_reference_whose_value_is_not_known_breaks_no_rule(path: str, value: Any) -> None:
    changed = put("rds-proxy", path, value)
    assert [problem for rule in house.RULES for problem in rule(changed)] == []


def test_an_exception_without_a_reason_is_none() -> None:
    broken = put("monitoring", "Resources/TopicKey/Metadata/aurora-cfn/house-policy/0/reason", "because")
    assert list(house.least_privilege(broken))


def test_logical_ids_outputs_and_exports_are_an_api() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = {name: names(template) for name, template in RENDERED.items()}
    assert found == golden, "if it is meant: python -m tests.blueprints.names"


CFN_LINT = "from aurora_cfn.lint.faster_cfn_lint import install; install(); from cfnlint.runner import main; main()"
"""The command `cfn-lint` in half of the time; that its findings are the same, tests/lint shows."""


@pytest.mark.slow
def test_plain_cfn_lint_is_silent(tmp_path: Path) -> None:
    files = sorted(map(str, TEMPLATES.glob("*.yaml")))
    command = [sys.executable, "-c", CFN_LINT, *files]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (0, "")
