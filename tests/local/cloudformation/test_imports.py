from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Stacks

KIND = "AWS::RDS::DBCluster"
OWN = {"Engine": "aurora-postgresql", "MasterUsername": "boss", "MasterUserPassword": "first-password"}
pytestmark = pytest.mark.slow


def test_a_cluster_made_by_hand_is_found_and_imported(stacks: Stacks) -> None:
    rds, control, cfn = stacks.client("rds"), stacks.client("cloudcontrol"), stacks.cloudformation
    rds.create_db_cluster(DBClusterIdentifier="by-hand", **OWN)
    found = control.get_resource(TypeName=KIND, Identifier="by-hand")["ResourceDescription"]
    assert json.loads(found["Properties"])["MasterUsername"] == "boss"
    with pytest.raises(ClientError, match="was not found"):
        control.get_resource(TypeName=KIND, Identifier="nowhere")
    properties = OWN | {"DBClusterIdentifier": "by-hand"}
    body = json.dumps({"Resources": {"C": {"Type": KIND, "DeletionPolicy": "Delete", "Properties": properties}}})
    for name, status in (("nowhere", "FAILED"), ("by-hand", "CREATE_COMPLETE")):
        wanted = {"ResourceType": KIND, "LogicalResourceId": "C", "ResourceIdentifier": {"DBClusterIdentifier": name}}
        given = {"StackName": "taken-in", "ChangeSetName": name}
        cfn.create_change_set(ChangeSetType="IMPORT", TemplateBody=body, ResourcesToImport=[wanted], **given)
        described = cfn.describe_change_set(**given)
        assert described["Status"] == status, described.get("StatusReason")
    cfn.execute_change_set(**given)
    assert stacks.settled("taken-in")["StackStatus"] == "IMPORT_COMPLETE", stacks.reasons("taken-in")
    stacks.delete("taken-in")
    assert not rds.describe_db_clusters()["DBClusters"]
