"""The first user of a database: from a secret that exists, one of a chosen name, or one that RDS makes and rotates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from troposphere import And, AWSObject, Equals, GetAtt, If, Not, NoValue, Ref, Select, Split, Sub
from troposphere.secretsmanager import GenerateSecretString, Secret, SecretTargetAttachment

from aurora_cfn.blueprint import ParameterGroup, commented, excepted, waived
from aurora_cfn.blueprints.parts.conditions import given, is_given, named, only_if, rule
from aurora_cfn.blueprints.parts.identifier import replaces
from aurora_cfn.blueprints.parts.secret_rotation import CONDITION, DAYS, SECRET, rotation
from aurora_cfn.parameters import Parameter

PASSWORD: Final = f"{{{{resolve:secretsmanager:${{{SECRET}}}:SecretString:password}}}}"
"""The dynamic reference to the password, for Fn::Sub."""


def named_secret(kind: str, title: str, *, after: str) -> list[AWSObject]:
    """The secret, its attachment and its rotation, all made while SecretName is given.

    `title` is the logical id of the database, `after` that of the last part of it that must stand before a rotation.
    """
    attachment = SecretTargetAttachment(
        f"{SECRET}Attachment",
        Condition=CONDITION,
        SecretId=Ref(SECRET),
        TargetId=Ref(title),
        TargetType=f"AWS::RDS::{title}",
    )
    commented(attachment, "Writes engine, host, port and database into the secret, where clients look for them.")
    return [_secret(kind), attachment, *rotation(kind, title, after)]


def _secret(kind: str) -> AWSObject:
    secret = Secret(
        SECRET,
        Condition=CONDITION,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        Name=Ref("SecretName"),
        Description=Sub(f"Master user of the {kind} of ${{AWS::StackName}}"),
        GenerateSecretString=GenerateSecretString(
            SecretStringTemplate=Sub('{"username": "${MasterUsername}"}'),
            GenerateStringKey="password",
            ExcludePunctuation=True,
            PasswordLength=32,
        ),
        KmsKeyId=only_if("HasKmsKey", Ref("KmsKeyId")),
    )
    why = "a master password is no data: RDS sets another one at any time, and a kept secret would block its name"
    excepted(secret, "data-kept", why)
    return waived(secret, ("CKV_AWS_149", "Secrets Manager encrypts with its own key unless KmsKeyId names another"))


_DEFAULT: Final = "dbadmin"
_SECRET: Final = "{{resolve:secretsmanager:${DBMaster}:SecretString:%s}}"


def master_user_group(kind: str) -> ParameterGroup:
    """DBMaster, SecretName and MasterUsername."""
    rows = (
        Parameter(
            "DBMaster",
            "Name or ARN of an existing secret with the keys username and password, for the master user. Empty: RDS"
            f" makes a secret, keeps it and rotates it. {replaces(kind)}",
            default="", group="Access",
            pattern=r"^$|^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$",
            constraint="empty, or the name or ARN of a secret",
        ),
        Parameter(
            "SecretName",
            "Name of a secret that the stack makes for the master user, such as movies-production-credentials, while"
            f" DBMaster is empty: with a generated password, rotated every {DAYS} days by a function. Empty: RDS makes"
            " the secret and names it. Changing it makes a new secret with a new password and deletes the old secret;"
            f" the {kind} stays.",
            default="", group="Access", pattern="^$|^[A-Za-z0-9/_+=.@-]{1,512}$",
            constraint="empty, or letters, digits and the characters /_+=.@-",
        ),
        Parameter(
            "MasterUsername", f"Name of the master user, while DBMaster is empty. {replaces(kind)}",
            default=_DEFAULT, group="Access", pattern="^[a-z][a-z0-9_]{0,15}$",
            constraint="lower-case letters, digits and underscores, starting with a letter, at most 16",
        ),
    )  # fmt: skip
    return ParameterGroup(
        rows,
        conditions={
            "HasMasterSecret": given("DBMaster"),
            "HasMasterSecretArn": Equals(Select(0, Split(":", Ref("DBMaster"))), "arn"),
            CONDITION: given("SecretName"),
            "HasManagedSecretKey": And(Not(named("HasMasterSecret")), Not(named(CONDITION)), named("HasKmsKey")),
        },
        rules={
            "OneMasterUser": rule(
                when=is_given("DBMaster"),
                must={"Fn::Equals": [{"Ref": "MasterUsername"}, _DEFAULT]},
                why="DBMaster names a secret that holds the user name too: leave MasterUsername out",
            ),
            "OneMasterSecret": rule(
                when=is_given("DBMaster"),
                must={"Fn::Equals": [{"Ref": "SecretName"}, ""]},
                why="DBMaster names a secret that exists and SecretName one to make: leave one of them empty",
            ),
        },
        comments={"HasMasterSecretArn": "DBMaster may be the name of a secret, or its ARN, which starts with arn:."},
    )


def master_user() -> Mapping[str, Any]:
    """The properties of a database that say who may log in first."""
    return {
        "MasterUsername": If("HasMasterSecret", Sub(_SECRET % "username"), Ref("MasterUsername")),
        "MasterUserPassword": If("HasMasterSecret", Sub(_SECRET % "password"), only_if(CONDITION, Sub(PASSWORD))),
        # False and not absent: only so RDS stops to manage the password of a database that had no SecretName before.
        "ManageMasterUserPassword": If("HasMasterSecret", NoValue, If(CONDITION, False, True)),
        "MasterUserSecret": only_if("HasManagedSecretKey", {"KmsKeyId": Ref("KmsKeyId")}),
    }


def secret_arn(title: str) -> If:
    """ARN of the secret that opens the database of that logical id, the given one, the stack's or RDS's own."""
    own = Sub("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${DBMaster}")
    return If(
        "HasMasterSecret",
        If("HasMasterSecretArn", Ref("DBMaster"), own),
        If(CONDITION, Ref(SECRET), GetAtt(title, "MasterUserSecret.SecretArn")),
    )
