"""The secret of the master user under a chosen name: generated, attached to the database, and rotated."""

from __future__ import annotations

from typing import Final

from troposphere import AWSObject, Ref, Sub
from troposphere.secretsmanager import GenerateSecretString, Secret, SecretTargetAttachment

from aurora_cfn.blueprint import commented, excepted, waived
from aurora_cfn.blueprints.parts.conditions import only_if
from aurora_cfn.blueprints.parts.secret_rotation import CONDITION, SECRET, rotation

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
