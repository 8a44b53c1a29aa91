"""What a live session sends to SQS, Scheduler, IAM and EC2, and what the answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders

from aurora_cfn.aws.function_code import AwsFunctionNetwork
from aurora_cfn.aws.live_ends import AwsSessionEnds
from aurora_cfn.aws.live_queues import AwsRelayQueues
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.live_session import CodePlace, FunctionState
from tests.aws.stubs import session, stubbed

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/aurora-cfn-live-a"
AT_SQS = "https://sqs.eu-west-1.amazonaws.com/123456789012/"
GONE = "AWS.SimpleQueueService.NonExistentQueue"
STATE = FunctionState(
    "f", FUNCTION, "python3.13", "app.handler", "arn:aws:iam::123456789012:role/f", "sha", "rev",
    subnets=("subnet-a", "subnet-b"), security_groups=("sg-1",), vpc="vpc-1",
)  # fmt: skip
AT = datetime(2026, 12, 1, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_the_queues_of_a_session_are_for_the_roles_of_its_functions(region: str, partition: str) -> None:
    place = Session(Connection(region=region, endpoint_url="http://127.0.0.1:1", keys=("test", "test")))
    roles = [f"arn:{partition}:iam::123456789012:role/{name}" for name in ("g", "f")]
    names = ["a-requests", *(f"a-reply{number}" for number in range(8))]
    sent: dict[str, dict[str, Any]] = {}
    client: Any = place.client("sqs")
    # The queues are made side by side, so that a Stubber, which has an order, cannot answer.
    client.meta.events.register("before-call.sqs.CreateQueue", lambda params, **_: _made(sent, params))
    found = AwsRelayQueues(place).open_queues("a", roles, {"who": "ann"})
    assert (found.requests, found.replies) == (f"{AT_SQS}a-requests", tuple(AT_SQS + name for name in names[1:]))
    assert sorted(sent) == sorted(names)
    for name, asked in sent.items():
        policy = json.loads(asked["Attributes"].pop("Policy"))
        (statement,) = policy["Statement"]
        assert asked["tags"] == {"who": "ann"}
        assert asked["Attributes"] == {
            "MessageRetentionPeriod": "60", "ReceiveMessageWaitTimeSeconds": "20", "SqsManagedSseEnabled": "true",
        }  # fmt: skip
        assert statement["Principal"] == {"AWS": sorted(roles)}
        assert statement["Resource"] == f"arn:{partition}:sqs:{region}:123456789012:{name}"
        assert statement["Action"] == [
            f"sqs:{verb}" for verb in ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")
        ]


def _made(sent: dict[str, dict[str, Any]], params: dict[str, Any]) -> tuple[AWSResponse, dict[str, str]]:
    """The answer to a CreateQueue, which is kept in `sent` by the name of the queue."""
    asked = json.loads(params["body"])
    name = asked.pop("QueueName")
    sent[name] = asked
    return AWSResponse("", 200, HTTPHeaders(), b""), {"QueueUrl": AT_SQS + name}


def test_tags_and_bodies_are_sent_to_the_queue() -> None:
    place = session()
    with stubbed(place, "sqs") as stub:
        stub.add_response("tag_queue", {}, {"QueueUrl": URL, "Tags": {"functions": "f"}})
        stub.add_client_error("tag_queue", "AccessDenied")
        digests = {"MessageId": "m", "MD5OfMessageBody": "d"}
        stub.add_response("send_message", digests, {"QueueUrl": URL, "MessageBody": "{}"})
        stub.add_client_error("send_message", GONE)
        queues = AwsRelayQueues(place)
        queues.tag_queue(URL, {"functions": "f"})
        with pytest.raises(AwsError, match="TagQueue"):
            queues.tag_queue(URL, {"functions": "f"})
        queues.send_body(URL, "{}")
        with pytest.raises(AwsError, match="SendMessage"):
            queues.send_body(URL, "{}")


def test_bodies_are_received_and_deleted() -> None:
    place = session()
    asked = {"QueueUrl": URL, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 5}
    with stubbed(place, "sqs") as stub:
        stub.add_response("receive_message", {"Messages": [{"Body": "one", "ReceiptHandle": "h"}]}, asked)
        entries = [{"Id": "0", "ReceiptHandle": "h"}]
        deleted: dict[str, Any] = {"Successful": [{"Id": "0"}], "Failed": []}
        stub.add_response("delete_message_batch", deleted, {"QueueUrl": URL, "Entries": entries})
        stub.add_response("receive_message", {}, asked)
        stub.add_client_error("receive_message", GONE)
        stub.add_client_error("receive_message", "AccessDenied")
        queues = AwsRelayQueues(place)
        assert [queues.receive_bodies(URL) for _ in range(3)] == [["one"], [], None]
        with pytest.raises(AwsError):
            queues.receive_bodies(URL)


def test_sessions_are_those_with_a_queue_for_requests_that_still_exists() -> None:
    place, urls = session(), [f"{URL}-requests", f"{URL}-reply0", f"{URL}b-requests"]
    with stubbed(place, "sqs") as stub:
        stub.add_response("list_queues", {"QueueUrls": urls}, {"QueueNamePrefix": "aurora-cfn-live"})
        stub.add_response("list_queue_tags", {"Tags": {"who": "ann"}}, {"QueueUrl": urls[0]})
        stub.add_client_error("list_queue_tags", GONE, expected_params={"QueueUrl": urls[2]})
        assert AwsRelayQueues(place).session_tags("aurora-cfn-live") == {"aurora-cfn-live-a": {"who": "ann"}}


def test_the_queue_whose_tags_name_the_session_is_deleted_last() -> None:
    place = session()
    with stubbed(place, "sqs") as stub:
        stub.add_response("list_queues", {"QueueUrls": [f"{URL}-requests", f"{URL}-reply0"]}, {"QueueNamePrefix": "a-"})
        stub.add_client_error("delete_queue", GONE, expected_params={"QueueUrl": f"{URL}-reply0"})
        stub.add_response("delete_queue", {}, {"QueueUrl": f"{URL}-requests"})
        AwsRelayQueues(place).close_queues("a")


@pytest.mark.parametrize(("guarded", "exists", "sent"), [(True, False, {"RevisionId": "rev"}), (False, True, {})])
def test_the_end_of_a_session_puts_the_code_back(guarded: bool, exists: bool, sent: dict[str, str]) -> None:
    place = session()
    asked = {
        "GroupName": "default", "Name": "end", "ScheduleExpression": "at(2026-12-01T16:20:00)",
        "ScheduleExpressionTimezone": "UTC", "FlexibleTimeWindow": {"Mode": "OFF"}, "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:lambda:updateFunctionCode",
            "RoleArn": "arn:aws:iam::123456789012:role/ends",
            "Input": json.dumps({"FunctionName": FUNCTION, "S3Bucket": "b", "S3Key": "k"} | sent),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20},
        },
    }  # fmt: skip
    with stubbed(place, "scheduler") as stub:
        if exists:
            stub.add_client_error("create_schedule", "ConflictException", expected_params=asked)
            stub.add_response("update_schedule", {"ScheduleArn": "arn"}, asked)
        else:
            stub.add_response("create_schedule", {"ScheduleArn": "arn"}, asked)
        stub.add_client_error("delete_schedule", "ResourceNotFoundException")
        ends = AwsSessionEnds(place, "ends")
        ends.set_session_end("end", AT, STATE, CodePlace("b", "k"), guarded=guarded)
        ends.remove_session_end("end")


@pytest.mark.parametrize("boundary", ["", "arn:aws:iam::123456789012:policy/b"])
@pytest.mark.parametrize("exists", [False, True])
def test_the_role_may_only_put_back_the_code_of_the_functions(exists: bool, boundary: str) -> None:
    place = session()
    trust = {
        "Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    }  # fmt: skip
    rights = [
        {"Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": [FUNCTION]},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*"]},
    ]
    bounded = {"PermissionsBoundary": boundary} if boundary else {}
    made = {"RoleName": "ends", "AssumeRolePolicyDocument": _document([trust]), **bounded}
    with stubbed(place, "iam") as stub:
        if exists:
            stub.add_client_error("create_role", "EntityAlreadyExists", expected_params=made)
            if bounded:
                stub.add_response("put_role_permissions_boundary", {}, {"RoleName": "ends", **bounded})
        else:
            role = {"Path": "/", "RoleName": "ends", "RoleId": "A" * 16, "Arn": STATE.role, "CreateDate": AT}
            stub.add_response("create_role", {"Role": role}, made)
        policy = {"RoleName": "ends", "PolicyName": "put-code-back", "PolicyDocument": _document(rights)}
        stub.add_response("put_role_policy", {}, policy)
        AwsSessionEnds(place, "ends", boundary).allow_put_back([FUNCTION], ["b"])


def test_a_caller_who_may_not_make_the_role_is_pointed_to_the_boundary() -> None:
    place = session()
    with stubbed(place, "iam") as stub:
        words = "User: u is not authorized to perform: iam:CreateRole on resource: ends"
        stub.add_client_error("create_role", "AccessDenied", words)
        with pytest.raises(AwsError, match="name it as permissions_boundary in the params file"):
            AwsSessionEnds(place, "ends").allow_put_back([FUNCTION], ["b"])


def _document(rows: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": rows})


@pytest.mark.parametrize("associated", [("subnet-a", "subnet-b"), ("subnet-a",)])
def test_subnets_without_a_table_have_the_routes_of_the_main_one(associated: tuple[str, ...]) -> None:
    place = session()
    own = {"Associations": [{"SubnetId": name} for name in associated], "Routes": [{"GatewayId": "igw-1"}]}
    main = [{"Name": "vpc-id", "Values": ["vpc-1"]}, {"Name": "association.main", "Values": ["true"]}]
    with stubbed(place, "ec2") as stub:
        asked = {"Filters": [{"Name": "association.subnet-id", "Values": ["subnet-a", "subnet-b"]}]}
        stub.add_response("describe_route_tables", {"RouteTables": [own]}, asked)
        if len(associated) == 1:
            stub.add_response(
                "describe_route_tables", {"RouteTables": [{"Routes": [{"NatGatewayId": "nat-1"}]}]}, {"Filters": main}
            )
        found = AwsFunctionNetwork(place).subnet_routes(STATE)
    assert found == [{"GatewayId": "igw-1"}, {"NatGatewayId": "nat-1"}][: 3 - len(associated)]


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_the_endpoints_and_the_groups_of_a_function(region: str) -> None:
    place = session()
    service = {"Name": "service-name", "Values": [f"com.amazonaws.{region}.sqs"]}
    filters = {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}, service]}
    with stubbed(place, "ec2") as stub:
        stub.add_response("describe_vpc_endpoints", {"VpcEndpoints": [{"VpcEndpointId": "v"}]}, filters)
        stub.add_response("describe_security_groups", {}, {"GroupIds": ["sg-1"]})
        network = AwsFunctionNetwork(place)
        state = replace(STATE, arn=FUNCTION.replace("eu-west-1", region))
        assert network.sqs_endpoints(state) == [{"VpcEndpointId": "v"}]
        assert network.function_groups(state) == []
