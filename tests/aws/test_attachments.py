"""What RDS answers about attachments of clusters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.attachments import AwsAttachments
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import DatabaseEvent
from tests.aws.observations_contract import keep_attachments
from tests.aws.stubs import session, stubbed
from tests.fakes.observations import FakeAttachments

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:c"
GLOBAL = {"GlobalClusterIdentifier": "world", "GlobalClusterMembers": [{"DBClusterArn": ARN, "IsWriter": False}]}


def test_the_fake_keeps_to_the_contract() -> None:
    fake = FakeAttachments({"c": ["door"]}, parameters={"own": {"rds.logical_replication": "1"}})
    keep_attachments(fake, "c", ARN, NOON)


def test_a_proxy_counts_by_the_cluster_or_by_its_instances() -> None:
    place = session()
    targets: dict[str, list[dict[str, Any]]] = {
        "by-cluster": [{"Type": "TRACKED_CLUSTER", "RdsResourceId": "c"}],
        "by-instance": [{"Type": "RDS_INSTANCE", "RdsResourceId": "w", "TrackedClusterId": "c"}],
        "elsewhere": [{"Type": "RDS_INSTANCE", "RdsResourceId": "x"}],
        "without": [],
    }
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_proxies", {"DBProxies": [{"DBProxyName": name} for name in targets]}, {})
        for name, rows in targets.items():
            stub.add_response("describe_db_proxy_targets", {"Targets": rows}, {"DBProxyName": name})
        assert AwsAttachments(place).proxies("c") == ["by-cluster", "by-instance"]


ROWS: list[tuple[str, str, str, dict[str, Any], dict[str, Any], Any]] = [
    ("integrations", ARN, "describe_integrations",
     {"Integrations": [{"IntegrationName": "sales", "SourceArn": ARN}, {"IntegrationName": "x", "SourceArn": "y"}]},
     {}, ["sales"]),
    ("global_cluster", ARN, "describe_global_clusters", {"GlobalClusters": [GLOBAL]}, {}, ("world", False)),
    ("global_cluster", "other", "describe_global_clusters", {"GlobalClusters": [GLOBAL]}, {}, None),
    ("changed_parameters", "own", "describe_db_cluster_parameters",
     {"Parameters": [{"ParameterName": "a", "ParameterValue": "1"}, {"ParameterName": "b"}]},
     {"DBClusterParameterGroupName": "own", "Source": "user"}, {"a": "1"}),
    ("blue_green", ARN, "describe_blue_green_deployments",
     {"BlueGreenDeployments": [
         {"BlueGreenDeploymentName": name, "Source": source, "Status": status}
         for name, source, status in (("next", ARN, "AVAILABLE"), ("past", ARN, "SWITCHOVER_COMPLETED"),
                                      ("other", "x", "AVAILABLE"))]}, {}, ["next"]),
    ("pending_maintenance", ARN, "describe_pending_maintenance_actions",
     {"PendingMaintenanceActions": [
         {"ResourceIdentifier": ARN, "PendingMaintenanceActionDetails": [{"Action": "system-update"}]}]},
     {"ResourceIdentifier": ARN}, ["system-update"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "given", "operation", "answer", "asked", "found"), ROWS)
def test_what_is_attached(
    method: str, given: str, operation: str, answer: dict[str, Any], asked: dict[str, Any], found: Any
) -> None:
    place = session()
    with stubbed(place, "rds") as stub:
        stub.add_response(operation, answer, asked)
        assert getattr(AwsAttachments(place), method)(given) == found
        stub.add_client_error(operation, "AccessDenied", "not you", 403)
        with pytest.raises(AwsError, match="not you"):
            getattr(AwsAttachments(place), method)(given)


def test_events_of_an_instance_are_in_order_and_of_all_categories() -> None:
    place = session()
    rows = [
        {"SourceIdentifier": "w", "Date": NOON.replace(hour=hour), "Message": str(hour), "EventCategories": [kind]}
        for hour, kind in ((14, "notification"), (13, "serverless"))
    ]
    asked = {"SourceType": "db-instance", "SourceIdentifier": "w", "StartTime": NOON}
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_events", {"Events": rows}, asked)
        found = AwsAttachments(place).pause_events("w", since=NOON)
    assert found == [DatabaseEvent("w", NOON.replace(hour=hour), str(hour)) for hour in (13, 14)]
