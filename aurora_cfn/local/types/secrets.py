"""Secrets Manager as CloudFormation has it: generated passwords, `Ref` of a secret, rotation schedules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from aurora_cfn.local.query import ServiceError, is_true, json_of
from aurora_cfn.local.replacing import Inner, replace_rows
from aurora_cfn.local.types.handlers import Created, Handlers, Properties

SECRET = "AWS::SecretsManager::Secret"
HOSTED = frozenset({"PostgreSQLSingleUser", "MySQLSingleUser", "MariaDBSingleUser"})
"""Types of HostedRotationLambda that are emulated."""
FLAGS = (
    "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation", "ExcludeUppercase", "IncludeSpace",
    "RequireEachIncludedType",
)  # fmt: skip


def complete() -> None:
    """Generate passwords by all of GenerateSecretString's rules, and make the ARN the secret's physical id.

    ministack 1.5.33 knows PasswordLength and ExcludeCharacters only, and gives the name for `Ref`.
    """
    provisioners._sm_secret_string = secret_string
    row = provisioners._RESOURCE_HANDLERS[SECRET]
    replace_rows(row, {"create": created, "update": _by_arn, "delete": _deleting})


def secret_string(properties: Properties) -> str:
    """The value of a new secret: given, or generated; ServiceError when the rules leave nothing to draw from."""
    rules = properties.get("GenerateSecretString")
    if not rules:
        return str(properties.get("SecretString", ""))
    if properties.get("SecretString"):
        raise _refused("You can't specify both SecretString and GenerateSecretString.")
    password = generated(rules)
    template, key = rules.get("SecretStringTemplate"), rules.get("GenerateStringKey")
    if not template and not key:
        return password
    if not template or not key:
        raise _refused("SecretStringTemplate and GenerateStringKey must be specified together.")
    try:
        found = json.loads(template)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _refused("Could not parse SecretStringTemplate JSON.")
    return json.dumps(found | {key: password})


def generated(rules: Mapping[str, Any]) -> str:
    """A password by the rules, drawn by the same code as GetRandomPassword."""
    wanted: dict[str, Any] = {name: is_true(rules[name]) for name in FLAGS if name in rules}
    wanted["PasswordLength"] = int(rules.get("PasswordLength", 32))
    wanted["ExcludeCharacters"] = str(rules.get("ExcludeCharacters", ""))
    status, _, body = secretsmanager._get_random_password(wanted)
    found = json.loads(body)
    if status >= 400:
        raise _refused(str(found.get("message") or found.get("Message")))
    return str(found["RandomPassword"])


def _refused(message: str) -> ServiceError:
    return ServiceError("SecretsManager", 400, "InvalidRequestException", message)


def created(inner: Inner, logical_id: str, properties: Properties, stack: str) -> Created:
    """The ARN and attributes of a new secret; ServiceError for a name that is taken: ministack would write over it."""
    name = properties.get("Name")
    if name and name in secretsmanager._secrets:
        taken = f"The operation failed because the secret {name} already exists."
        raise ServiceError("SecretsManager", 400, "ResourceExistsException", taken)
    _, attributes = inner(logical_id, properties, stack)
    return attributes["Id"], attributes


def _by_arn(inner: Inner, physical_id: str, *more: Any) -> Created:
    _, attributes = inner(name_of(physical_id), *more)
    return attributes["Id"], attributes


def _deleting(inner: Inner, physical_id: str, properties: Properties) -> None:
    inner(name_of(physical_id), properties)


def name_of(physical_id: str) -> str:
    """The name of a secret by its ARN, or by the name that stacks of earlier versions kept."""
    _, secret = secretsmanager._resolve(physical_id)
    return str(secret["Name"]) if secret else physical_id


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    secret = _secret(properties["SecretId"])
    secret["_hosted"] = properties.get("HostedRotationLambda")
    wanted = {name: properties[name] for name in ("RotationLambdaARN", "RotationRules") if properties.get(name)}
    immediately = is_true(properties.get("RotateImmediatelyOnUpdate", True))
    if not is_emulated(properties):  # a record: it says that it rotates and by which rules
        secret |= {**wanted, "RotationEnabled": True}
    else:
        asked = {"SecretId": secret["ARN"], **wanted, "RotateImmediately": immediately}
        json_of("SecretsManager", secretsmanager._rotate_secret(asked))
    return secret["ARN"], {"Id": secret["ARN"]}


def is_emulated(properties: Properties) -> bool:
    """Whether a schedule with these properties rotates here."""
    hosted = (properties.get("HostedRotationLambda") or {}).get("RotationType")
    return bool(properties.get("RotationLambdaARN")) or hosted in HOSTED


def _update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    _delete(physical_id, old)
    return _create(physical_id, new, stack)


def _delete(physical_id: str, _properties: Properties) -> None:
    try:
        secret = _secret(physical_id)
    except ValueError:
        return
    secret |= {"RotationEnabled": False, "RotationRules": None, "RotationLambdaARN": None, "_hosted": None}


def _secret(name: str) -> dict[str, Any]:
    _, secret = secretsmanager._resolve(name)
    if secret is None:
        raise ValueError("Secrets Manager can't find the specified secret.")
    found: dict[str, Any] = secret
    return found


HANDLERS = {"AWS::SecretsManager::RotationSchedule": Handlers(_create, _delete, _update)}
"""The handlers by type."""
