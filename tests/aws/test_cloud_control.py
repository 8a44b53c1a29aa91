"""What a resource really looks like, from Cloud Control API."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.aws.drifts import CloudControl
from aurora_cfn.errors import AwsError
from tests.aws.stubs import session, stubbed


def test_properties_nothing_and_refusals() -> None:
    place = session()
    answer = {"Identifier": "db", "Properties": json.dumps({"Port": 5432})}
    asked = {"TypeName": "AWS::RDS::DBCluster", "Identifier": "db"}
    port = CloudControl(place)
    with stubbed(place, "cloudcontrol") as stub:
        stub.add_response("get_resource", {"TypeName": "AWS::RDS::DBCluster", "ResourceDescription": answer}, asked)
        stub.add_client_error("get_resource", "ResourceNotFoundException", "none", 400)
        stub.add_client_error("get_resource", "AccessDeniedException", "no", 400)
        assert port.properties("AWS::RDS::DBCluster", "db") == {"Port": 5432}
        assert port.properties("AWS::RDS::DBCluster", "db") is None
        with pytest.raises(AwsError, match="no"):
            port.properties("AWS::RDS::DBCluster", "db")
