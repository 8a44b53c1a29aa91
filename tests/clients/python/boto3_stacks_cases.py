"""boto3's waiters, paginators and resources over the APIs that the emulator has; each unknown operation is named."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from cases import CLUSTER, Cases, refused, same

cases = Cases()
once = Config(retries={"max_attempts": 0})
cloudformation, rds, secrets = (boto3.client(name, config=once) for name in ("cloudformation", "rds", "secretsmanager"))
NAME = CLUSTER["resourceArn"].rpartition(":")[2]
SOON = {"Delay": 1, "MaxAttempts": 60}


def parameter(name: str, value: Any = "v", **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": f"/boto3/{name}", "Type": "String", "Value": value},
        **more,
    }


def body(more: dict[str, Any] | None = None, **resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources, **(more or {})})


def statuses(name: str) -> list[str]:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    return [f"{row['LogicalResourceId']} {row['ResourceStatus']}" for page in pages for row in page["StackEvents"]]


@cases.case("stacks", "the waiters of a life: create, update, rollback, delete")
def waiters() -> None:
    given = {"StackName": "boto3-life"}
    cloudformation.create_stack(**given, TemplateBody=body(A=parameter("a")))
    for name in ("stack_exists", "stack_create_complete"):
        cloudformation.get_waiter(name).wait(**given, WaiterConfig=SOON)
    cloudformation.update_stack(**given, TemplateBody=body(A=parameter("a", "w"), B=parameter("b")))
    cloudformation.get_waiter("stack_update_complete").wait(**given, WaiterConfig=SOON)
    cloudformation.update_stack(**given, TemplateBody=body(A=parameter("a", {"Fn::ImportValue": "boto3-none"})))
    cloudformation.get_waiter("stack_rollback_complete").wait(**given, WaiterConfig=SOON)
    with refused("Waiter StackUpdateComplete failed"):
        cloudformation.get_waiter("stack_update_complete").wait(**given, WaiterConfig=SOON)
    cloudformation.delete_stack(**given)
    cloudformation.get_waiter("stack_delete_complete").wait(**given, WaiterConfig=SOON)


@cases.case("stacks", "the resource API: a stack, its resources and events")
def resource() -> None:
    made = boto3.resource("cloudformation").create_stack(
        StackName="boto3-resource", TemplateBody=body(A=parameter("r"))
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=made.name, WaiterConfig=SOON)
    made.reload()
    same(
        [made.stack_status, [row.physical_resource_id for row in made.resource_summaries.all()]],
        ["CREATE_COMPLETE", ["/boto3/r"]],
    )
    same(made.Resource("A").resource_status, "CREATE_COMPLETE")
    same(next(iter(made.events.all())).resource_status, "CREATE_COMPLETE")
    made.delete()


@cases.case("stacks", "nested stacks: their parents, and a failure inside")
def nested() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="boto3-nested", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    s3.put_object(
        Bucket="boto3-nested",
        Key="c.json",
        Body=body({"Parameters": {"V": {"Type": "String"}}}, A=parameter("n", {"Ref": "V"})),
    )
    url = f"https://boto3-nested.s3.{s3.meta.region_name}.amazonaws.com/c.json"

    def child(value: Any) -> str:
        return body(
            C={"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": {"V": value}}}
        )

    top = cloudformation.create_stack(StackName="boto3-top", TemplateBody=child("1"))["StackId"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=top, WaiterConfig=SOON)
    rows = [row for page in cloudformation.get_paginator("describe_stacks").paginate() for row in page["Stacks"]]
    same([row["RootId"] for row in rows if row.get("ParentId") == top], [top])
    cloudformation.update_stack(StackName="boto3-top", TemplateBody=child("2"))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=top, WaiterConfig=SOON)
    cloudformation.delete_stack(StackName="boto3-top")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=top, WaiterConfig=SOON)


@cases.case("stacks", "two operations at once: the second is refused")
def busy() -> None:
    given = {"StackName": "boto3-busy"}
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    wait = {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "H"}, "Timeout": "60"}}
    cloudformation.create_stack(**given, TemplateBody=body(A=parameter("busy")))
    cloudformation.get_waiter("stack_create_complete").wait(**given, WaiterConfig=SOON)
    cloudformation.update_stack(**given, TemplateBody=body(A=parameter("busy"), H=handle, W=wait))
    for call in (
        cloudformation.update_stack,
        lambda **more: cloudformation.create_change_set(**more, ChangeSetName="c"),
    ):
        with refused("is in UPDATE_IN_PROGRESS state and can not be updated"):
            call(**given, TemplateBody=body(A=parameter("busy", "2")))
    with refused("cannot be deleted while in status UPDATE_IN_PROGRESS"):
        cloudformation.delete_stack(**given)
    cloudformation.cancel_update_stack(**given)


@cases.case("stacks", "a stack that is deleted while it is created stays deleted")
def deleted_early() -> None:
    given = {"StackName": "boto3-early"}
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    wait = {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "H"}, "Timeout": "2"}}
    arn = cloudformation.create_stack(**given, TemplateBody=body(A=parameter("early"), H=handle, W=wait))["StackId"]
    cloudformation.delete_stack(**given)
    cloudformation.get_waiter("stack_delete_complete").wait(**given, WaiterConfig=SOON)
    time.sleep(3)
    same(cloudformation.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"], "DELETE_COMPLETE")


@cases.case("stacks", "drift, a refactor and a StackSet")
def more() -> None:
    cloudformation.create_stack(StackName="boto3-drift", TemplateBody=body(A=parameter("d")))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="boto3-drift", WaiterConfig=SOON)
    boto3.client("ssm").put_parameter(Name="/boto3/d", Value="other", Overwrite=True)
    cloudformation.detect_stack_drift(StackName="boto3-drift")
    (row,) = cloudformation.describe_stack_resource_drifts(StackName="boto3-drift")["StackResourceDrifts"]
    same((row["StackResourceDriftStatus"], row["PropertyDifferences"][0]["ActualValue"]), ("MODIFIED", "other"))
    cloudformation.create_stack_set(StackSetName="boto3-set", TemplateBody=body(A=parameter("set")))
    same([each["StackSetName"] for each in cloudformation.list_stack_sets()["Summaries"]], ["boto3-set"])
    cloudformation.delete_stack_set(StackSetName="boto3-set")
    same(cloudformation.list_stack_sets(Status="ACTIVE")["Summaries"], [])


@cases.case("rds", "its waiters and paginators")
def databases() -> None:
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=NAME, WaiterConfig=SOON)
    rds.get_waiter("db_instance_available").wait(
        Filters=[{"Name": "db-cluster-id", "Values": [NAME]}], WaiterConfig=SOON
    )
    rds.create_db_cluster_snapshot(DBClusterIdentifier=NAME, DBClusterSnapshotIdentifier="boto3-snapshot")
    rds.get_waiter("db_cluster_snapshot_available").wait(
        DBClusterSnapshotIdentifier="boto3-snapshot", WaiterConfig=SOON
    )
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="boto3-snapshot")
    rds.get_waiter("db_cluster_snapshot_deleted").wait(DBClusterSnapshotIdentifier="boto3-snapshot", WaiterConfig=SOON)
    found = {
        name: sum(len(next(value for value in page.values() if isinstance(value, list))) for page in rds.get_paginator(name).paginate(**more))
        for name, more in (("describe_db_clusters", {}), ("describe_db_instances", {}), ("describe_db_cluster_parameters", {"DBClusterParameterGroupName": group()}),
                           ("describe_db_engine_versions", {"Engine": "aurora-postgresql"}), ("describe_events", {}), ("describe_db_cluster_endpoints", {}))
    }  # fmt: skip
    same([name for name, count in found.items() if not count and name != "describe_events"], [])


def group() -> str:
    return rds.describe_db_clusters(DBClusterIdentifier=NAME)["DBClusters"][0]["DBClusterParameterGroup"]


@cases.case("rds", "stop and start, with the waiters")
def stopped() -> None:
    rds.stop_db_cluster(DBClusterIdentifier=NAME)
    data = boto3.client("rds-data", config=once)
    with refused("Exception"):
        data.execute_statement(**CLUSTER, sql="select 1")
    rds.start_db_cluster(DBClusterIdentifier=NAME)
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=NAME, WaiterConfig=SOON)
    same(data.execute_statement(**CLUSTER, sql="select 1")["records"], [[{"longValue": 1}]])


@cases.case("secrets", "paginators, stages and many at once")
def many_secrets() -> None:
    for number in range(120):
        secrets.create_secret(Name=f"boto3/{number}", SecretString=str(number))
    wanted = [{"Key": "name", "Values": ["boto3/"]}]
    pages = secrets.get_paginator("list_secrets").paginate(Filters=wanted)
    same(sum(len(page["SecretList"]) for page in pages), 120)
    found = secrets.batch_get_secret_value(SecretIdList=["boto3/1", "boto3/2", "boto3/none"])
    same([row["SecretString"] for row in found["SecretValues"]], ["1", "2"])
    same(found["Errors"][0]["ErrorCode"], "ResourceNotFoundException")
    for number in range(120):
        secrets.delete_secret(SecretId=f"boto3/{number}", ForceDeleteWithoutRecovery=True)


@cases.case("errors", "an operation that is not emulated is named, never a fault of the server")
def unknown() -> None:
    for service, operation, given in (
        ("cloudformation", "describe_account_limits", {}), ("rds", "describe_reserved_db_instances", {}),
        ("pi", "get_resource_metrics", {"ServiceType": "RDS", "Identifier": "db-X", "MetricQueries": [{"Metric": "db.load.avg"}],
                                        "StartTime": 0, "EndTime": 60}),
        ("redshift", "describe_clusters", {}), ("redshift-data", "list_statements", {}), ("dms", "describe_connections", {}),
        ("logs", "list_anomalies", {}), ("cloudwatch", "list_metric_streams", {}), ("secretsmanager", "cancel_rotate_secret", {"SecretId": "x"}),
        ("lambda", "get_runtime_management_config", {"FunctionName": "x"}),
    ):  # fmt: skip
        answer = answered(service, operation, given)
        status, message = answer["ResponseMetadata"]["HTTPStatusCode"], answer.get("Error", {}).get("Message", "")
        named = operation.replace("_", "") in message.replace("-", "").lower() or "/" in message
        same((service, operation, 400 <= status < 500, named), (service, operation, True, True))


def answered(service: str, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return getattr(boto3.client(service, config=once), operation)(**given)
    except ClientError as error:
        return error.response


@cases.case("errors", "a request without a signature to an API of XML")
def unsigned() -> None:
    client = boto3.client("sts", config=once)
    role = f"arn:aws:iam::000000000000:role/{os.urandom(3).hex()}"
    with refused("ClientError"):
        client.assume_role_with_web_identity(RoleArn=role, RoleSessionName="session", WebIdentityToken="x" * 8)


cases.run()
