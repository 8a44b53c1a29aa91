"""RDS's offer of an engine becomes ours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from aurora_cfn.aws.engine_versions import AwsEngineVersions
from aurora_cfn.errors import AwsError
from aurora_cfn.facts.offered import EngineOffer, FamilyParameters
from tests.aws.stubs import session, stubbed

ENGINE = "aurora-postgresql"
ASKED = {"Engine": ENGINE}


def test_an_offer_holds_all_pages_and_the_ends_of_standard_support() -> None:
    place = session()
    capacity = {"ServerlessV2FeaturesSupport": {"MinCapacity": 0.0, "MaxCapacity": 256.0}}
    family = {"DBParameterGroupFamily": "aurora-postgresql17"}
    pages: list[dict[str, Any]] = [
        {"DBEngineVersions": [{"Engine": ENGINE, "EngineVersion": "17.7", **family, **capacity}], "Marker": "m"},
        {"DBEngineVersions": [{"Engine": ENGINE, "EngineVersion": "11.9"}]},
    ]
    standard = {
        "LifecycleSupportName": "open-source-rds-standard-support",
        "LifecycleSupportStartDate": datetime(2025, 5, 1, tzinfo=UTC),
        "LifecycleSupportEndDate": datetime(2030, 2, 28, 23, 59, tzinfo=UTC),
    }
    extended = standard | {"LifecycleSupportName": "open-source-rds-extended-support"}
    majors = [
        {"Engine": ENGINE, "MajorEngineVersion": "17", "SupportedEngineLifecycles": [extended, standard]},
        {"Engine": ENGINE, "MajorEngineVersion": "18"},
    ]
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_engine_versions", pages[0], ASKED)
        stub.add_response("describe_db_engine_versions", pages[1], ASKED | {"Marker": "m"})
        stub.add_response("describe_db_major_engine_versions", {"DBMajorEngineVersions": majors}, ASKED)
        add_defaults(stub, "describe_engine_default_cluster_parameters", [[PORT, FORCED], [CONNECTIONS]])
        add_defaults(stub, "describe_engine_default_parameters", [[CONNECTIONS]])
        found = AwsEngineVersions(place).offer(ENGINE)
    parameters = FamilyParameters({"rds.force_ssl": False, "max_connections": True}, {"max_connections": True})
    assert found == EngineOffer(
        ENGINE,
        {"17.7": (0.0, 256.0), "11.9": None},
        {"17": date(2030, 2, 28)},
        {"aurora-postgresql17": parameters},
    )


def add_defaults(stub: Stubber, operation: str, pages: list[list[dict[str, Any]]]) -> None:
    asked: dict[str, Any] = {"DBParameterGroupFamily": "aurora-postgresql17"}
    for number, rows in enumerate(pages, 1):
        more = {"Marker": f"page{number}"} if number < len(pages) else {}
        stub.add_response(operation, {"EngineDefaults": {"Parameters": rows, **more}}, asked)
        asked = asked | more


PORT = {"ParameterName": "port", "ApplyType": "static", "IsModifiable": False}
FORCED = {"ParameterName": "rds.force_ssl", "ApplyType": "dynamic", "IsModifiable": True}
CONNECTIONS = {"ParameterName": "max_connections", "ApplyType": "static", "IsModifiable": True}


def test_a_refused_read_of_the_parameters_names_the_operation() -> None:
    place = session()
    row = {"Engine": ENGINE, "EngineVersion": "17.7", "DBParameterGroupFamily": "aurora-postgresql17"}
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": [row]}, ASKED)
        stub.add_response("describe_db_major_engine_versions", {"DBMajorEngineVersions": []}, ASKED)
        stub.add_client_error("describe_engine_default_cluster_parameters", "AccessDenied")
        with pytest.raises(AwsError, match="DescribeEngineDefaultClusterParameters"):
            AwsEngineVersions(place).offer(ENGINE)


def test_a_refusal_names_the_operation() -> None:
    place = session()
    with stubbed(place, "rds") as stub:
        stub.add_client_error("describe_db_engine_versions", "AccessDenied")
        with pytest.raises(AwsError, match="DescribeDBEngineVersions"):
            AwsEngineVersions(place).offer(ENGINE)
