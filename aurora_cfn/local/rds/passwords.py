"""Passwords that change: the secrets that RDS manages for master users, and users of a database by its endpoint.

Source: Amazon Aurora User Guide, "Password management with Amazon Aurora and AWS Secrets Manager", read 2026-11: the
secret is RDS's own and rotates every seven days. The tags are those that RDS was seen to set.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import rds, secretsmanager

from aurora_cfn.local.front.listener import Place
from aurora_cfn.local.rds.backing import NOUNS, STORES, Backing, Record, given
from aurora_cfn.local.rds.limits import RefusedError

OWNER = "rds"
# RDS rotates the secrets that it manages every seven days by default (Aurora user guide, Secrets Manager).
ROTATES_AFTER_DAYS = 7


def take_over(kind: str, record: Record) -> None:
    """Give the managed secret of a record, if it has one, the owner, the tags and the rotation of RDS."""
    secret = _secret_of(record)
    if secret is None or secret.get("OwningService") == OWNER:
        return
    arn = f"{NOUNS[kind]}Arn"
    tags = {f"aws:rds:primary{arn}": record[arn], "aws:secretsmanager:owningService": OWNER}
    secret["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    rules = {"AutomaticallyAfterDays": ROTATES_AFTER_DAYS}
    secret |= {"OwningService": OWNER, "RotationEnabled": True, "RotationRules": rules}


def managed_secret(kind: str, record: Record, key: str) -> dict[str, str]:
    """A new secret with the master user's password, as RDS describes it; `key` may name a key of KMS."""
    text = json.dumps({"username": record["MasterUsername"], "password": record["_MasterUserPassword"]})
    name = f"rds!{kind}-{new_uuid()}"
    arn = secretsmanager.create_secret_in_process(name, text, description="Managed by RDS")
    usual = f"arn:aws:kms:{get_region()}:{get_account_id()}:key/aws-secretsmanager-default"
    return {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key or usual}


def begin_to_manage(kind: str, record: Record, key: str) -> None:
    """Give a record without a managed secret one, with a new password; the server has to follow."""
    if not record.get("MasterUserSecret"):
        record["_MasterUserPassword"] = rds._generate_master_user_password()
        record["MasterUserSecret"] = managed_secret(kind, record, key)
        take_over(kind, record)


def delete_secret(record: Record | None) -> None:
    """Delete the managed secret of a record, if it has one."""
    secret = (record or {}).get("MasterUserSecret")
    if secret:
        secretsmanager.delete_secret_in_process(secret["SecretArn"])


def refuse_bad_management(record: Record, parameters: dict[str, Any]) -> None:
    """Raise RefusedError for a change that begins or ends to manage the password with a wrong set of parameters.

    Source: RDS API Reference, ModifyDBCluster and ModifyDBInstance, `ManageMasterUserPassword`, read 2026-11.
    """
    wish, password = given(parameters, "ManageMasterUserPassword"), given(parameters, "MasterUserPassword")
    if wish == "true" and password:
        said = "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
    elif wish == "false" and record.get("MasterUserSecret") and not password:
        said = "You must specify MasterUserPassword when you disable ManageMasterUserPassword."
    else:
        return
    raise RefusedError("InvalidParameterCombination", said)


def rotate_master(backing: Backing, secret: dict[str, Any]) -> bool:
    """A new password for the master user whose managed secret this is; False when its database is gone."""
    for kind, store in STORES.items():
        for name, record in list(store.items()):
            if (record.get("MasterUserSecret") or {}).get("SecretArn") == secret["ARN"]:
                rotate(backing, kind, name, record)
                return True
    return False


def rotate(backing: Backing, kind: str, name: str, record: Record) -> None:
    """A new password for the master user of a record with a managed secret, in the server and in the secret."""
    record["_MasterUserPassword"] = rds._generate_master_user_password()
    # The server first: the password that a client reads from the secret must work.
    follow_password(backing, kind, name)
    text = json.dumps({"username": record["MasterUsername"], "password": record["_MasterUserPassword"]})
    secretsmanager.put_secret_value_in_process(record["MasterUserSecret"]["SecretArn"], text)


def follow_password(backing: Backing, kind: str, name: str) -> None:
    """Make the server's master password the one of the record."""
    key = backing.key(kind, name)
    record = backing.record(key)
    if record is not None and backing.has(kind, name):
        backing.databases.set_password(key, record["MasterUsername"], record["_MasterUserPassword"])


def set_user_password(backing: Backing, host: str, port: int, user: str, password: str) -> None:
    """Change the password of a user of the database at an endpoint; LookupError when there is none."""
    place = Place(host, port)
    for key in backing.databases.known():
        if key.split("/")[2] in STORES and backing.databases.get(key).place == place:
            record = backing.record(key)
            if record is not None and record["MasterUsername"] == user:
                record["_MasterUserPassword"] = password
            backing.databases.set_password(key, user, password)
            return
    raise LookupError(f"no database listens at {host}:{port}")


def _secret_of(record: Record) -> dict[str, Any] | None:
    arn = (record.get("MasterUserSecret") or {}).get("SecretArn")
    found: dict[str, Any] | None = secretsmanager._resolve(arn, use_arn_scope=True)[1] if arn else None
    return found
