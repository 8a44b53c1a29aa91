"""Names, keys of secrets, imports, limits and drift, as AWS answers for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.account import AwsAccount, AwsNames
from aurora_cfn.aws.drifts import AwsDrifts
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import Cluster, OfferedVersion, Quota
from aurora_cfn.model.resource_drift import DriftDetection, DriftedProperty
from tests.aws.stubs import session, stubbed
from tests.aws.surroundings_contract import keep_databases, keep_exports, keep_names, keep_snapshots
from tests.fakes.account import FakeAccount, FakeNames, FakeSecretKeys
from tests.fakes.clock import FakeClock
from tests.fakes.rds import FakeDatabases, FakeSnapshots


def test_the_fakes_keep_to_the_contract() -> None:
    keep_names(
        FakeNames({"/toy/log"}, {"/toy/address"}, {"boss"}),
        FakeSecretKeys({"boss": frozenset({"username", "password"})}),
    )
    keep_exports(FakeAccount({"toy-Address": ["user"]}, {"toy-Address"}))
    cluster = Cluster("toy", "arn", "available", "aurora-postgresql", "17.7")
    keep_databases(FakeDatabases([OfferedVersion("aurora-postgresql", "17.7")], {"toy": cluster}), "17.7")
    clock = FakeClock()
    keep_snapshots(FakeSnapshots(clock), lambda: clock.sleep(100))


def test_a_log_group_is_taken_only_under_its_exact_name() -> None:
    place = session()
    for names, taken in ((["/a/b-2"], False), (["/a/b-2", "/a/b"], True), ([], False)):
        with stubbed(place, "logs") as stub:
            rows = {"logGroups": [{"logGroupName": name} for name in names]}
            stub.add_response("describe_log_groups", rows, {"logGroupNamePrefix": "/a/b"})
            assert AwsNames(place).log_group("/a/b") is taken


def test_an_ssm_parameter_by_its_name() -> None:
    place = session()
    asked = {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": ["x"]}]}
    with stubbed(place, "ssm") as stub:
        stub.add_response("describe_parameters", {"Parameters": [{"Name": "x"}]}, asked)
        assert AwsNames(place).parameter("x")


def test_a_secret_by_its_name_and_its_keys_without_their_values() -> None:
    place = session()
    held = json.dumps({"username": "canary-u", "password": "canary-p"})
    with stubbed(place, "secretsmanager") as stub:
        stub.add_response("describe_secret", {"Name": "s"}, {"SecretId": "s"})
        stub.add_client_error("describe_secret", "ResourceNotFoundException", "none", 400)
        assert [AwsNames(place).secret("s"), AwsNames(place).secret("s")] == [True, False]
        stub.add_response("get_secret_value", {"SecretString": held}, {"SecretId": "s"})
        stub.add_response("get_secret_value", {"SecretString": "canary-text"}, {"SecretId": "s"})
        stub.add_response("get_secret_value", {"SecretBinary": b"x"}, {"SecretId": "s"})
        stub.add_client_error("get_secret_value", "ResourceNotFoundException", "none", 400)
        port = AwsSecrets(place)
        found = [port.keys("s") for _ in range(4)]
    assert found == [frozenset({"username", "password"}), frozenset(), frozenset(), None]
    assert "canary" not in repr(found)


def test_importers_of_an_export_and_none_of_one_that_no_one_imports() -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("list_imports", {"Imports": ["app"], "NextToken": "n"}, {"ExportName": "e"})
        stub.add_response("list_imports", {"Imports": ["web"]}, {"ExportName": "e", "NextToken": "n"})
        stub.add_client_error("list_imports", "ValidationError", "Export 'e' is not imported by any stack.", 400)
        stub.add_client_error("list_imports", "ValidationError", "Export name is odd", 400)
        port = AwsAccount(place)
        assert port.importers("e") == ["app", "web"]
        assert port.importers("e") == []
        with pytest.raises(AwsError, match="odd"):
            port.importers("e")


def test_all_pages_of_exports() -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("list_exports", {"Exports": [{"Name": "a"}], "NextToken": "n"}, {})
        stub.add_response("list_exports", {"Exports": [{"Name": "b"}]}, {"NextToken": "n"})
        assert AwsAccount(place).exports() == {"a", "b"}


def test_stacks_are_counted_without_the_deleted_ones() -> None:
    place = session()
    row = {"StackName": "a", "CreationTime": datetime(2026, 1, 1, tzinfo=UTC)}
    states = ("CREATE_COMPLETE", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS")
    with stubbed(place, "cloudformation") as stub:
        limits = [{"Name": "StackLimit", "Value": 2000}, {"Name": "StackOutputsLimit", "Value": 200}]
        stub.add_response("describe_account_limits", {"AccountLimits": limits}, {})
        stub.add_response("list_stacks", {"StackSummaries": [{**row, "StackStatus": state} for state in states]}, {})
        assert AwsAccount(place).stacks() == Quota("stacks", 2, 2000)


def test_drift_from_its_start_to_its_last_page() -> None:
    place = session()
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    entry = {"PropertyPath": "/Port", "ExpectedValue": "5432", "ActualValue": "5433", "DifferenceType": "NOT_EQUAL"}
    row = {
        "StackId": "arn", "LogicalResourceId": "Db", "PhysicalResourceId": "db", "ResourceType": "AWS::RDS::DBCluster",
        "StackResourceDriftStatus": "MODIFIED", "Timestamp": moment, "PropertyDifferences": [entry],
    }  # fmt: skip
    status = {"StackId": "arn", "StackDriftDetectionId": "d", "DetectionStatus": "DETECTION_COMPLETE",
              "StackDriftStatus": "DRIFTED", "Timestamp": moment}  # fmt: skip
    port = AwsDrifts(place)
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("detect_stack_drift", {"StackDriftDetectionId": "d"}, {"StackName": "arn"})
        stub.add_response("describe_stack_drift_detection_status", status, {"StackDriftDetectionId": "d"})
        pages: list[dict[str, Any]] = [{"StackResourceDrifts": [row], "NextToken": "n"}, {"StackResourceDrifts": [row]}]
        stub.add_response("describe_stack_resource_drifts", pages[0], {"StackName": "arn"})
        stub.add_response("describe_stack_resource_drifts", pages[1], {"StackName": "arn", "NextToken": "n"})
        assert port.detect_drift("arn") == "d"
        assert port.drift_detection("d") == DriftDetection("DETECTION_COMPLETE")
        found = port.drifts("arn")
    assert len(found) == 2
    assert found[0].drifted
    assert found[0].properties == (DriftedProperty("/Port", "5432", "5433"),)
