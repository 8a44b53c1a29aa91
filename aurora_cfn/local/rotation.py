"""RotateSecret and rotation schedules: passwords really change, when they are asked to and when a schedule is made.

The secret that RDS manages gets a new password of the master user. For any other one its function is called in four
steps (AWS Secrets Manager User Guide, "Lambda rotation functions", read 2026-11). In the place of the function that
AWS makes for a HostedRotationLambda of a single user the emulator changes the password by itself. Nothing rotates
because days have passed.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import lambda_svc, secretsmanager

from aurora_cfn.local.query import is_true
from aurora_cfn.local.rds import passwords
from aurora_cfn.local.rds.backing import Backing
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.types.secrets import HOSTED, generated

logger = logging.getLogger("aurora_cfn.rotation")
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
EXCLUDED = "/@\"'\\"
"""What AWS's rotation functions leave out of passwords, unless ExcludeCharacters says otherwise."""
INVOKER = "secretsmanager.amazonaws.com"
NO_FUNCTION = "No Lambda rotation function ARN is associated with this secret."
NOT_INVOKED = (
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to "
    f"the principal {INVOKER}."
)
Secret = dict[str, Any]


@dataclass(slots=True)
class Rotations:
    """What stands in place of ministack's RotateSecret, which gives the old value a new version."""

    backing: Backing
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        """Put it into ministack's service, whose handlers are looked up for each request."""
        replace(secretsmanager, "_rotate_secret", self._answering)
        replace(secretsmanager, "_get_secret_value", with_value)
        replace(secretsmanager, "_describe_secret", with_owner)
        for name in ("_delete_secret", "_put_secret_value", "_update_secret", "_update_secret_version_stage"):
            replace(secretsmanager, name, by_owner_alone)

    def any_running(self) -> bool:
        """Whether the state still changes without a further request."""
        return self._running > 0

    def _answering(self, inner: Inner, data: Secret) -> Any:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        if not secret or secret.get("DeletedDate") or secretsmanager._is_replica(secret):
            return inner(data)  # which refuses
        function = data.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
        refusal = _refusal(secret, function, data)
        if refusal:
            return error_response_json(*refusal, 400)
        kept = {"RotationRules": data.get("RotationRules"), "RotationLambdaARN": function}
        secret |= {name: value for name, value in kept.items() if value}
        secret["RotationEnabled"] = True
        if is_true(data.get("RotateImmediately", True)):
            version = self._begin(secret, function, data)
        else:
            version = secretsmanager._find_stage_version(secret, "AWSCURRENT")[0] or ""
        return json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": version})

    def _begin(self, secret: Secret, function: str | None, data: Secret) -> str:
        """Rotate; the id of the new version."""
        secret["LastRotatedDate"] = int(time.time())
        if secret.get("OwningService") == passwords.OWNER:
            if not passwords.rotate_master(self.backing, secret):
                logger.warning("%s was not rotated: its database is gone", secret["Name"])
            return str(secretsmanager._find_stage_version(secret, "AWSCURRENT")[0])
        version = str(data.get("ClientRequestToken") or new_uuid())
        _add_pending(secret, version)
        if function:
            self._start(secret["Name"], lambda: call_function(function, secret["ARN"], version))
        else:
            self._start(secret["Name"], lambda: self._rotate_hosted(secret, version))
        return version

    def _start(self, name: str, work: Callable[[], None]) -> None:
        """In a thread, as AWS rotates after the answer: the function sends requests to this very server."""

        def run() -> None:
            try:
                work()
                logger.info("%s was rotated", name)
            except Exception as error:
                logger.warning("the rotation of %s failed: %s", name, error)
            finally:
                with self._lock:
                    self._running -= 1

        with self._lock:
            self._running += 1
        threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()

    def _rotate_hosted(self, secret: Secret, version: str) -> None:
        value = json.loads(secretsmanager._find_stage_version(secret, "AWSCURRENT")[1]["SecretString"])
        rules = {"ExcludeCharacters": secret["_hosted"].get("ExcludeCharacters", EXCLUDED)}
        value["password"] = generated(rules)
        place = value.get("host", ""), int(value.get("port") or 0)
        passwords.set_user_password(self.backing, *place, value["username"], value["password"])
        row = {"SecretId": secret["ARN"], "ClientRequestToken": version, "SecretString": json.dumps(value)}
        secretsmanager._put_secret_value(row)


def by_owner_alone(inner: Inner, data: Secret) -> Any:
    """The answer to a change of a secret; that of a service is changed by the service alone (API reference, Errors)."""
    _, secret = secretsmanager._resolve(data.get("SecretId"))
    owner = (secret or {}).get("OwningService")
    words = f"The secret is managed by another service ({owner}), and you must use that service to update it."
    return error_response_json("InvalidRequestException", words, 400) if owner else inner(data)


def call_function(function: str, arn: str, version: str) -> None:
    """Call a rotation function in its four steps; RuntimeError with its own words when one fails."""
    row, config, _ = lambda_svc._get_func_record_for_ref(function)
    record = lambda_svc._execution_record_for_config(row, config)
    for step in STEPS:
        event = {"Step": step, "SecretId": arn, "ClientRequestToken": version, "RotationToken": version}
        done = lambda_svc._execute_function_with_config_scope(record, event)
        if done.get("error"):
            raise RuntimeError(f"{step}: {done.get('body')}")


def _refusal(secret: Secret, function: str | None, data: Secret) -> tuple[str, str] | None:
    if secret.get("OwningService") == passwords.OWNER:
        if not data.get("RotationLambdaARN"):
            return None
        return (
            "InvalidRequestException",
            "You can't rotate a secret that is managed by another service with a function.",
        )
    if function:
        return None if _may_invoke(function) else ("AccessDeniedException", NOT_INVOKED)
    hosted = (secret.get("_hosted") or {}).get("RotationType")
    return None if hosted in HOSTED else ("InvalidRequestException", NO_FUNCTION)


def _may_invoke(function: str) -> bool:
    row, _, _ = lambda_svc._get_func_record_for_ref(function)
    statements = ((row or {}).get("policy") or {}).get("Statement") or []
    return any(one.get("Effect") == "Allow" and INVOKER in json.dumps(one.get("Principal")) for one in statements)


def _add_pending(secret: Secret, version: str) -> None:
    """A version without a value; one that an earlier rotation left is given up."""
    for name, row in list(secret["Versions"].items()):
        row["Stages"] = [stage for stage in row["Stages"] if stage != "AWSPENDING"]
        if not row["Stages"]:
            del secret["Versions"][name]
    row = {"SecretString": None, "SecretBinary": None, "CreatedDate": int(time.time()), "Stages": ["AWSPENDING"]}
    secret["Versions"][version] = row


def with_value(inner: Inner, data: Secret) -> Any:
    """GetSecretValue that refuses a version without a value, and one that does not have the stage asked for."""
    answer = inner(data)
    found = json.loads(answer[2])
    if answer[0] >= 400:
        return answer
    stage = data.get("VersionStage")
    if {"SecretString", "SecretBinary"} & set(found) and stage in (None, *found["VersionStages"]):
        return answer
    where = f"VersionId: {found['VersionId']}" if data.get("VersionId") else f"staging label: {stage}"
    text = f"Secrets Manager can't find the specified secret value for {where}."
    return error_response_json("ResourceNotFoundException", text, 400)


def with_owner(inner: Inner, data: Secret) -> Any:
    """DescribeSecret that says which service manages the secret, and when it was rotated last."""
    status, headers, body = inner(data)
    _, secret = secretsmanager._resolve(data.get("SecretId"))
    more = {name: (secret or {}).get(name) for name in ("OwningService", "LastRotatedDate")}
    if status >= 400 or not any(more.values()):
        return status, headers, body
    found = json.loads(body) | {name: value for name, value in more.items() if value}
    return status, headers, json.dumps(found).encode()
