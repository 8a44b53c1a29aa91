"""The grave mistakes that cfn-lint 1.58.0 passes in silence: the command reports each, at its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import root
from tests.lint.toys import DROP, PROXY, SECRET_ROLE, TARGETS, VPN, changed

CAPACITY = "Cluster.ServerlessV2ScalingConfiguration"
OLD_MYSQL = {"Cluster.Engine": "aurora-mysql", "Cluster.EngineVersion": "8.0.mysql_aurora.3.04.2"}
OF_MYSQL = {"Writer.Engine": "aurora-mysql", "Settings.Family": "aurora-mysql8.0", "Settings.Parameters": {}}
V1 = {"MinCapacity": 3, "MaxCapacity": 2, "SecondsUntilAutoPause": 10}
BEHIND = {"Proxy": PROXY, "Targets": TARGETS, "Role": SECRET_ROLE, "Secret": {"Type": "AWS::SecretsManager::Secret"}}
KEPT = {"MinCapacity": 0, "MaxCapacity": 4}

MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("EngineMode serverless", {"Cluster.EngineMode": "serverless"}, "E9001", '"EngineMode": "serverless"'),
    ("v1 capacity 3 to 2, pause after 10 s", {"Cluster.ScalingConfiguration": V1}, "E9002", '"ScalingConfiguration"'),
    ("v2 capacity from 0.3", {CAPACITY: {"MinCapacity": 0.3, "MaxCapacity": 4}}, "E9005", '"MinCapacity": 0.3'),
    ("v2 capacity to 300", {CAPACITY: {"MinCapacity": 1, "MaxCapacity": 300}}, "E9005", '"MaxCapacity": 300'),
    ("pause after 100 s", {CAPACITY: KEPT | {"SecondsUntilAutoPause": 100}}, "E9008", '"SecondsUntilAutoPause": 100'),
    ("PostgreSQL with an audit log", {"Cluster.EnableCloudwatchLogsExports": ["audit"]}, "E9028", '"audit"'),
    ("window foo", {"Cluster.PreferredMaintenanceWindow": "foo"}, "E9035", '"foo"'),
    ("two master passwords", {"Cluster.MasterUserPassword": "{{resolve:secretsmanager:x}}"}, "E9017", "resolve"),
    ("advanced insights alone", {"Cluster.DatabaseInsightsMode": "advanced"}, "E9034", '"advanced"'),
    ("Data API on 3.04", OLD_MYSQL | OF_MYSQL | {"Cluster.EnableHttpEndpoint": True}, "E9015", '"EnableHttpEndpoint"'),
    ("scale to zero on 3.04", OLD_MYSQL | OF_MYSQL | {CAPACITY: KEPT}, "E9007", '"MinCapacity": 0'),
    ("a cluster without instances", {"Writer": DROP}, "E9004", '"Cluster"'),
    ("a public instance", {"Writer.PubliclyAccessible": True}, "W9030", '"PubliclyAccessible": true'),
    ("a MySQL proxy of PostgreSQL", BEHIND | {"Proxy.EngineFamily": "MYSQL"}, "E9040", '"EngineFamily": "MYSQL"'),
    ("a proxy called bad_name-", BEHIND | {"Proxy.DBProxyName": "bad_name-"}, "E9040", '"bad_name-"'),
    ("a proxy without TLS", BEHIND | {"Proxy.RequireTLS": False}, "W9041", '"RequireTLS": false'),
    ("a VPN range of /27", VPN | {"Endpoint.ClientCidrBlock": "10.1.0.0/27"}, "E9047", "/27"),
    ("VPN sessions of 9 hours", VPN | {"Endpoint.SessionTimeoutHours": 9}, "E9047", '"SessionTimeoutHours": 9'),
    ("no root certificate", VPN | {"Endpoint.AuthenticationOptions": [{"Type": "certificate-authentication"}]},
     "E9047", '"certificate-authentication"'),
    ("a subnet group of one subnet", {"Subnets.SubnetIds": [{"Ref": "A"}]}, "E9031", '"SubnetIds"'),
    ("storage in the clear", {"Cluster.StorageEncrypted": False}, "W9022", '"StorageEncrypted": false'),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "rule", "text"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_no_grave_mistake_passes(tmp_path: Path, changes: dict[str, Any], rule: str, text: str) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(changed(changes), indent=1))
    ran = CliRunner().invoke(root, ["lint", "--no-cache", "--strict", "--format", "json", str(file)])
    rows = [row for row in json.loads(ran.stdout)["findings"] if row["rule"] == rule]
    assert (ran.exit_code, bool(rows)) == (1, True)
    lines = file.read_text().splitlines()
    assert any(text in lines[row["line"] - 1] for row in rows)
