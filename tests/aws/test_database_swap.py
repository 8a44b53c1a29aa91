"""What is sent to RDS for each change of a swap: applied at once, and nothing besides."""

from __future__ import annotations

from aurora_cfn.aws.database_swap import AwsDatabaseChanges
from tests.aws.stubs import session, stubbed

AT_ONCE = {"ApplyImmediately": True}
ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:db"


def test_each_change_is_one_call() -> None:
    place = session()
    changes = AwsDatabaseChanges(place)
    with stubbed(place, "rds") as stub:
        renamed = {"DBClusterIdentifier": "db", "NewDBClusterIdentifier": "db-r1", **AT_ONCE}
        stub.add_response("modify_db_cluster", {}, renamed)
        changes.rename("db-cluster", "db", "db-r1")
        renamed = {"DBInstanceIdentifier": "db-1", "NewDBInstanceIdentifier": "db-r1-1", **AT_ONCE}
        stub.add_response("modify_db_instance", {}, renamed)
        changes.rename("db-instance", "db-1", "db-r1-1")
        attached = {
            "DBClusterIdentifier": "db",
            "VpcSecurityGroupIds": ["sg-1"],
            "DBClusterParameterGroupName": "pg",
            "DeletionProtection": True,
            **AT_ONCE,
        }
        stub.add_response("modify_db_cluster", {}, attached)
        changes.attach("db", groups=("sg-1",), parameter_group="pg", protected=True)
        stub.add_response(
            "modify_db_instance", {}, {"DBInstanceIdentifier": "db-1", "MonitoringRoleArn": "arn:role", **AT_ONCE}
        )
        changes.monitor("db-1", "arn:role")
        stub.add_response("add_tags_to_resource", {}, {"ResourceName": ARN, "Tags": [{"Key": "a", "Value": "b"}]})
        changes.tag(ARN, {"a": "b"})
        stub.add_response("remove_tags_from_resource", {}, {"ResourceName": ARN, "TagKeys": ["a"]})
        changes.untag(ARN, ["a"])
