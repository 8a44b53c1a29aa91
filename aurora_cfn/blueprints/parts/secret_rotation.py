"""Rotation of the secret that SecretName makes: a function that gives RDS a new master password every week.

It calls the RDS API and not the database, so it needs neither a way into the VPC nor a driver. AWS's own rotation
functions come with a macro (Transform), for which every stack of these templates would need CAPABILITY_AUTO_EXPAND.
"""

from __future__ import annotations

from typing import Final

from troposphere import AWSObject, GetAtt, Ref, Sub
from troposphere.awslambda import Code, Environment, Function, LoggingConfig, Permission
from troposphere.iam import Role
from troposphere.secretsmanager import RotationRules, RotationSchedule

from aurora_cfn.blueprint import commented, waived
from aurora_cfn.blueprints.parts.conditions import only_if
from aurora_cfn.blueprints.parts.identifier import identifier
from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.parts.service_role import allowed, role, trust_policy, writes_log

ARN_TYPES: Final = {"cluster": "cluster", "instance": "db"}
SECRET: Final = "MasterSecret"
CONDITION: Final = "MakesSecret"
DAYS: Final = 7
"""As often as RDS rotates the secrets that it manages (Aurora User Guide, 2026-11)."""

SOURCE: Final = '''\
import json
import os
import secrets
import string
import time

CHARACTERS = string.ascii_letters + string.digits


def of_version(manager, event, **wanted):
    return json.loads(manager.get_secret_value(SecretId=event["SecretId"], **wanted)["SecretString"])


def create(manager, rds, event):
    token = event["ClientRequestToken"]
    try:
        of_version(manager, event, VersionId=token, VersionStage="AWSPENDING")
        return  # by an earlier try of this rotation
    except manager.exceptions.ResourceNotFoundException:
        value = of_version(manager, event, VersionStage="AWSCURRENT")
    value["password"] = "".join(secrets.choice(CHARACTERS) for _ in range(32))
    text = json.dumps(value)
    manager.put_secret_value(
        SecretId=event["SecretId"], ClientRequestToken=token, SecretString=text, VersionStages=["AWSPENDING"]
    )


def call(rds, pattern, **more):
    kind, name = os.environ["KIND"], os.environ["DATABASE"]
    return getattr(rds, pattern % kind)(**{"DB" + kind.title() + "Identifier": name}, **more)


def give(manager, rds, event):
    value = of_version(manager, event, VersionId=event["ClientRequestToken"], VersionStage="AWSPENDING")
    call(rds, "modify_db_%s", MasterUserPassword=value["password"], ApplyImmediately=True)


def wait(manager, rds, event, pause=time.sleep):
    """RDS says nothing of the change in the first seconds."""
    for _ in range(48):
        pause(5)
        answer = call(rds, "describe_db_%ss")
        (row,) = answer.get("DBClusters") or answer["DBInstances"]
        waiting = (row.get("PendingModifiedValues") or {}).get("MasterUserPassword")
        if row.get("Status", row.get("DBInstanceStatus")) == "available" and not waiting:
            return
    raise TimeoutError("RDS has not changed the password yet")


def finish(manager, rds, event):
    token, stage = event["ClientRequestToken"], "AWSCURRENT"
    versions = manager.describe_secret(SecretId=event["SecretId"])["VersionIdsToStages"]
    current = next(version for version, stages in versions.items() if stage in stages)
    if current != token:
        manager.update_secret_version_stage(
            SecretId=event["SecretId"], VersionStage=stage, MoveToVersionId=token, RemoveFromVersionId=current
        )


STEPS = {"createSecret": create, "setSecret": give, "testSecret": wait, "finishSecret": finish}


def handler(event, context, client=None):
    if client is None:
        import boto3
        client = boto3.client
    STEPS[event["Step"]](client("secretsmanager"), client("rds"), event)
    print(json.dumps({"step": event["Step"], "secret": event["SecretId"]}))
'''
"""What the function runs: 4096 characters at most, standard library and the boto3 of Lambda's Python only."""


def rotation(kind: str, title: str, after: str) -> list[AWSObject]:
    """The function with its log group and role, and the schedule; `title` is the logical id of the database.

    `after` is the logical id of what RDS must have finished before a password can be changed.
    """
    return [
        log_group("RotationLogGroup", None, condition=CONDITION),
        _role(kind),
        _function(kind, title),
        Permission(
            "RotationPermission",
            Condition=CONDITION,
            FunctionName=Ref("RotationFunction"),
            Action="lambda:InvokeFunction",
            Principal="secretsmanager.amazonaws.com",
            SourceAccount=Ref("AWS::AccountId"),
        ),
        commented(
            RotationSchedule(
                "MasterSecretRotation",
                Condition=CONDITION,
                DependsOn=[f"{SECRET}Attachment", "RotationPermission", after],
                SecretId=Ref(SECRET),
                RotationLambdaARN=GetAtt("RotationFunction", "Arn"),
                RotationRules=RotationRules(AutomaticallyAfterDays=DAYS),
                RotateImmediatelyOnUpdate=False,
            ),
            DependsOn="Secrets Manager tests the function when a rotation is set up: it must be allowed to, and must"
            " find the secret and the database complete.",
            RotateImmediatelyOnUpdate="The password is new: a rotation now would only disturb the first clients.",
        ),
    ]


def _function(kind: str, title: str) -> AWSObject:
    function = Function(
        "RotationFunction",
        Condition=CONDITION,
        Description=f"Gives the master user of the {kind} a new password, and writes it into the secret",
        Runtime="python3.13",
        Handler="index.handler",
        Code=Code(ZipFile=SOURCE),
        Timeout=300,
        MemorySize=128,
        Environment=Environment(Variables={"KIND": kind, "DATABASE": Ref(title)}),
        Role=GetAtt("RotationRole", "Arn"),
        LoggingConfig=LoggingConfig(LogGroup=Ref("RotationLogGroup")),
    )
    return waived(
        function,
        ("CKV_AWS_115", "it runs once a week; a reservation would take from everything else in the account"),
        ("CKV_AWS_116", "Secrets Manager tries a failed rotation again: a dead letter would say no more"),
        ("CKV_AWS_117", "it calls AWS endpoints only, which authorise by IAM and need no network of ours"),
        ("CKV_AWS_173", "the environment holds the name of the database and no secret"),
    )


def _role(kind: str) -> Role:
    name = f"DB{kind.capitalize()}"
    database = f"arn:${{AWS::Partition}}:rds:${{AWS::Region}}:${{AWS::AccountId}}:{ARN_TYPES[kind]}:%s"
    writing = [f"secretsmanager:{name}" for name in
               ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")]  # fmt: skip
    return role(
        "RotationRole",
        f"Lets one function change the master password of the {kind} and the secret that holds it",
        trust_policy("lambda.amazonaws.com"),
        "rotate-one-secret",
        [
            allowed(writing, Ref(SECRET)),
            allowed([f"rds:Describe{name}s", f"rds:Modify{name}"], identifier(kind, database)),
            writes_log("RotationLogGroup"),
            only_if("HasKmsKey", _KEY),
        ],
        Condition=CONDITION,
    )


# KmsKeyId may be an alias, which no policy can name; the secret is named instead.
_KEY: Final = allowed(
    ["kms:Decrypt", "kms:GenerateDataKey"],
    Sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"),
    {
        "StringEquals": {
            "kms:ViaService": Sub("secretsmanager.${AWS::Region}.${AWS::URLSuffix}"),
            "kms:EncryptionContext:SecretARN": Ref(SECRET),
        }
    },
)
