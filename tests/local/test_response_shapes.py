"""Each operation of the APIs is asked once; each answer, refusals too, fits the service's model."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.session import get_session

from tests.local.conftest import Clients, Stacks, fits_its_model
from tests.local.rds.test_stacks_with_databases import cluster
from tests.local.response_shapes import problems

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:nothing"
DEEPEST = 6
"""Levels of a request that are filled in: some shapes contain themselves."""


def least(shape: Any, name: str = "", depth: int = 0) -> Any:
    """A value with what the shape requires and nothing else."""
    kind = shape.type_name
    if kind == "structure":
        return {key: least(shape.members[key], key, depth + 1) for key in shape.required_members if depth < DEEPEST}
    if kind == "list":
        return [least(shape.member, name, depth + 1)] if depth < DEEPEST else []
    if kind == "string":
        text = shape.enum[0] if shape.enum else ARN if "arn" in name.lower() else "nothing"
        return text * (1 + int(shape.metadata.get("min", 0)) // len(text))
    return {"map": {}, "boolean": False, "blob": b"a", "float": 1.0, "double": 1.0, "timestamp": 1}.get(
        kind, max(1, int(shape.metadata.get("min", 1)))
    )


SERVICES = (
    "cloudformation", "dsql", "logs", "rds", "rds-data", "secretsmanager", "ssm", "sts",
)  # fmt: skip


def noting(client: Any, found: list[str]) -> Any:
    """The client, which adds what does not fit to the list and continues."""

    def note(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
        found.extend(problems(operation_model, response_dict))

    client.meta.events.unregister("before-parse.*.*", fits_its_model)
    client.meta.events.register_first("before-parse.*.*", note)
    return client


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_the_least_request_of_each_operation(client: Clients, service: str) -> None:
    found: list[str] = []
    asking = noting(client(service), found)
    for name in asking.meta.service_model.operation_names:
        operation = asking.meta.service_model.operation_model(name)
        if operation.has_event_stream_output:
            continue
        request = least(operation.input_shape) if operation.input_shape else {}
        with suppress(ClientError, ParamValidationError):
            getattr(asking, xform_name(name))(**request)
    assert not found, "\n".join(sorted(set(found)))


@pytest.mark.slow
def test_lists_and_records_of_what_there_is(stacks: Stacks) -> None:
    found: list[str] = []
    rds, cloudformation, secrets = (
        noting(stacks.client(name), found) for name in ("rds", "cloudformation", "secretsmanager")
    )
    stacks.cloudformation = cloudformation

    def ask(client: Any, operation: str, **request: Any) -> Any:
        return getattr(client, operation)(**request)

    def lists(client: Any, *prefixes: str) -> None:
        model = client.meta.service_model
        for name in model.operation_names:
            shape = model.operation_model(name).input_shape
            if name.startswith(prefixes) and not (shape and shape.required_members):
                with suppress(ClientError):
                    ask(client, xform_name(name))

    body = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None, EnableHttpEndpoint=True)
    stacks.create("shapes", body)
    name = ask(rds, "describe_db_clusters")["DBClusters"][0]["DBClusterIdentifier"]
    plain = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20}
    keys = {"MasterUsername": "boss", "MasterUserPassword": "first-password"}
    ask(rds, "create_db_instance", DBInstanceIdentifier="plain", **plain, **keys)
    ask(rds, "create_db_snapshot", DBSnapshotIdentifier="one", DBInstanceIdentifier="plain")
    ask(rds, "create_db_cluster_snapshot", DBClusterSnapshotIdentifier="two", DBClusterIdentifier=name)
    ask(
        rds,
        "copy_db_cluster_snapshot",
        SourceDBClusterSnapshotIdentifier="two",
        TargetDBClusterSnapshotIdentifier="three",
    )
    ask(rds, "describe_db_cluster_snapshot_attributes", DBClusterSnapshotIdentifier="two")
    ask(
        rds,
        "restore_db_cluster_from_snapshot",
        DBClusterIdentifier="back",
        SnapshotIdentifier="two",
        Engine="aurora-postgresql",
    )
    ask(
        rds,
        "restore_db_cluster_to_point_in_time",
        DBClusterIdentifier="later",
        SourceDBClusterIdentifier=name,
        UseLatestRestorableTime=True,
    )
    ask(rds, "create_db_instance_read_replica", DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="plain")
    ask(rds, "restore_db_instance_from_db_snapshot", DBInstanceIdentifier="again", DBSnapshotIdentifier="one")
    ask(
        rds,
        "create_db_cluster_parameter_group",
        DBClusterParameterGroupName="g",
        DBParameterGroupFamily="aurora-postgresql17",
        Description="d",
    )
    ask(
        rds, "create_db_parameter_group", DBParameterGroupName="g", DBParameterGroupFamily="postgres17", Description="d"
    )
    ask(rds, "describe_db_cluster_parameters", DBClusterParameterGroupName="g")
    ask(rds, "describe_db_parameters", DBParameterGroupName="g")
    ask(rds, "modify_db_cluster", DBClusterIdentifier=name, BackupRetentionPeriod=3)
    ask(rds, "modify_db_instance", DBInstanceIdentifier="plain", BackupRetentionPeriod=3)
    ask(rds, "describe_orderable_db_instance_options", Engine="aurora-postgresql")
    ask(rds, "create_global_cluster", GlobalClusterIdentifier="world", Engine="aurora-postgresql")
    for target in ("back", "later"):
        ask(rds, "stop_db_cluster", DBClusterIdentifier=target)
        ask(rds, "start_db_cluster", DBClusterIdentifier=target)
    lists(rds, "Describe")
    for each in (
        "describe_stacks",
        "describe_stack_resources",
        "describe_stack_events",
        "list_stack_resources",
        "get_template",
        "list_change_sets",
    ):
        ask(cloudformation, each, StackName="shapes")
    ask(
        cloudformation,
        "create_change_set",
        StackName="shapes",
        ChangeSetName="c",
        UsePreviousTemplate=True,
        Tags=[{"Key": "a", "Value": "b"}],
    )
    ask(cloudformation, "describe_change_set", StackName="shapes", ChangeSetName="c", IncludePropertyValues=True)
    ask(cloudformation, "detect_stack_drift", StackName="shapes")
    ask(cloudformation, "describe_stack_resource_drifts", StackName="shapes")
    ask(cloudformation, "validate_template", TemplateBody=json.dumps(body))
    ask(cloudformation, "get_template_summary", StackName="shapes")
    lists(cloudformation, "Describe", "List", "Get")
    secret = ask(secrets, "create_secret", Name="a", SecretString="b")["ARN"]
    for each in (
        "get_secret_value",
        "describe_secret",
        "list_secret_version_ids",
        "get_resource_policy",
        "delete_secret",
    ):
        ask(secrets, each, SecretId=secret)
    lists(secrets, "List")
    for operation, identifier in (
        ("instance", "replica"),
        ("instance", "plain"),
        ("instance", "again"),
        ("cluster", "back"),
        ("cluster", "later"),
    ):
        ask(
            rds,
            f"delete_db_{operation}",
            SkipFinalSnapshot=True,
            **{f"DB{operation.capitalize()}Identifier": identifier},
        )
    stacks.delete("shapes")
    assert not found, "\n".join(sorted(set(found)))


QUOTAS = "DescribeAccountAttributes"
ENVELOPE = "<{0}Response xmlns='n'><{0}Result>{1}</{0}Result><ResponseMetadata/></{0}Response>"
REFUSAL = "<ErrorResponse><Error><Code>{}</Code><Message>m</Message></Error></ErrorResponse>"


@pytest.mark.parametrize(
    ("service", "operation", "status", "body", "expected"),
    [
        ("rds", QUOTAS, 200, ENVELOPE.format(QUOTAS, "<AccountQuotas/>"), ""),
        ("rds", QUOTAS, 200, ENVELOPE.format(QUOTAS, "<X/>"), "unknown member X"),
        ("rds", QUOTAS, 200, ENVELOPE.format("DescribeOther", ""), "the root is DescribeOtherResponse"),
        ("rds", QUOTAS, 200, "", "the body is empty"),
        (
            "rds", QUOTAS, 200,
            ENVELOPE.format(QUOTAS, "<AccountQuotas><member/></AccountQuotas>"),
            "member in a list of AccountQuota",
        ),
        (
            "rds", "EnableHttpEndpoint", 200,
            ENVELOPE.format("EnableHttpEndpoint", "<HttpEndpointEnabled>True</HttpEndpointEnabled>"), "boolean 'True'",
        ),
        (
            "rds", "EnableHttpEndpoint", 200, ENVELOPE.format("EnableHttpEndpoint", "<ResourceArn></ResourceArn>"),
            "an empty text",
        ),
        (
            "cloudformation", "DescribeStacks", 200,
            ENVELOPE.format("DescribeStacks", "<Stacks><member><StackName>s</StackName></member></Stacks>"),
            "required ['CreationTime', 'DisableRollback'",
        ),
        ("rds", "EnableHttpEndpoint", 404, REFUSAL.format("ResourceNotFoundFault"), ""),
        ("rds", "EnableHttpEndpoint", 400, REFUSAL.format("ResourceNotFoundFault"), "has status 400, not 404"),
        ("rds", "EnableHttpEndpoint", 404, REFUSAL.format("NoSuchThing"), "is not one of the operation's"),
        ("rds", "EnableHttpEndpoint", 400, REFUSAL.format("ValidationError"), ""),
        ("rds", "EnableHttpEndpoint", 400, "{}", "with a body that cannot be read"),
        ("rds-data", "BeginTransaction", 200, '{"transactionId": "t"}', ""),
        ("rds-data", "BeginTransaction", 200, '{"transactionId": 1}', "string 1"),
        ("rds-data", "ExecuteStatement", 200, '{"records": [[{"longValue": 1, "isNull": false}]]}', "a union with 2"),
        ("rds-data", "ExecuteStatement", 200, '{"records": {}}', "list {}"),
        ("secretsmanager", "GetSecretValue", 200, '{"CreatedDate": "2026-11-29"}', "timestamp '2026-11-29'"),
        ("secretsmanager", "GetSecretValue", 400, '{"__type": "ResourceNotFoundException", "message": "m"}', ""),
        ("secretsmanager", "GetSecretValue", 400, '{"__type": "ResourceNotFoundException"}', "without a message"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(service: str, operation: str, status: int, body: str, expected: str) -> None:
    model = get_session().get_service_model(service).operation_model(operation)
    found = problems(model, {"status_code": status, "headers": {}, "body": body.encode()})
    assert found == [] if not expected else any(expected in each for each in found), found
