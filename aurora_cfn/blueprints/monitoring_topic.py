"""A topic for alarms, encrypted with a key of its own: AWS's key for SNS would not let CloudWatch write to it."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, Ref, Sub
from troposphere.kms import Key
from troposphere.sns import SubscriptionResource, Topic, TopicPolicy

from aurora_cfn.blueprint import commented, excepted

TOPIC = "Topic"
_USING = ("Decrypt", "GenerateDataKey")
# What an account does with a key of its own, the calls of CloudFormation included; no grants, import or replication.
_KEEPING = (
    "CancelKeyDeletion", "CreateAlias", "DeleteAlias", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey",
    "EnableKeyRotation", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListKeyPolicies", "ListResourceTags",
    "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription",
)  # fmt: skip


def notification_resources() -> list[AWSObject]:
    """The key, the topic, its policy, and the subscription of AlarmEmail."""
    return [
        _key(),
        Topic(TOPIC, KmsMasterKeyId=Ref("TopicKey"), DisplayName=Sub("${TargetName} alarms")),
        _policy(),
        SubscriptionResource(
            "EmailSubscription",
            Condition="HasEmail",
            TopicArn=Ref(TOPIC),
            Protocol="email",
            Endpoint=Ref("AlarmEmail"),
        ),
    ]


def _own_account() -> dict[str, Any]:
    return {"aws:SourceAccount": Ref("AWS::AccountId")}


def _key() -> AWSObject:
    key = Key(
        "TopicKey",
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        Description=Sub("Messages of the alarms of ${TargetName}"),
        EnableKeyRotation=True,
        PendingWindowInDays=7,  # the shortest that KMS allows
        KeyPolicy={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AccountDecidesWithItsOwnPolicies",
                    "Effect": "Allow",
                    "Principal": {"AWS": Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
                    "Action": [f"kms:{action}" for action in _KEEPING + _USING],
                    "Resource": "*",
                },
                {
                    "Sid": "AlarmsOfThisAccount",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": [f"kms:{action}" for action in _USING],
                    "Resource": "*",
                    "Condition": {"StringEquals": _own_account()},
                },
            ],
        },
    )
    commented(
        key,
        "A key of its own: the policy of AWS's key for SNS does not let CloudWatch use it.",
        DeletionPolicy="SNS keeps no messages, so nothing is lost with the key.",
    )
    return excepted(key, "any-resource", "in a key's policy the star is the key itself, which has no other name there")


def _policy() -> TopicPolicy:
    return TopicPolicy(
        "TopicPolicy",
        Topics=[Ref(TOPIC)],
        PolicyDocument={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AlarmsOfThisAccount",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": Ref(TOPIC),
                    "Condition": {"StringEquals": _own_account()},
                },
                {
                    "Sid": "OnlyOverTls",
                    "Effect": "Deny",
                    "Principal": {"AWS": "*"},
                    "Action": "sns:Publish",
                    "Resource": Ref(TOPIC),
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        },
    )
