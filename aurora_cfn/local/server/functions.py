"""Lambda functions run with an environment and with credentials of their own.

ministack 1.5.33 starts them with the whole environment of its process, and derives the keys of their role from the
names of function and role alone, so that anyone who knows the names knows the keys.
"""

from __future__ import annotations

import hmac
import os
import subprocess
from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sts

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.replacing import Inner, replace

KEPT = frozenset({
    "PATH", "LANG", "TZ", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "NO_PROXY", "no_proxy",
})  # fmt: skip
"""Variables of the server that a function needs to run here: to find Python and boto3, and to reach the databases."""


def install(keys: Keys) -> None:
    """Stand before every process that ministack starts for a function."""
    starter = _starter(dict(os.environ))
    for module in (lambda_runtime, lambda_svc):
        module.subprocess = starter
        module.execution_credentials = partial(_credentials, keys)


def own_environment(wanted: Mapping[str, str], server: Mapping[str, str]) -> dict[str, str]:
    """The function's own variables among those that ministack gives it; HOME is its folder for temporary files."""
    kept = {name: value for name, value in wanted.items() if name in KEPT or server.get(name) != value}
    return kept | {"HOME": wanted.get("TMPDIR", "/tmp")}


def _starter(server: Mapping[str, str]) -> ModuleType:
    """The module `subprocess`, but what it starts gets an environment of its own."""
    module = ModuleType("subprocess")
    module.__dict__.update(subprocess.__dict__)
    for name in ("Popen", "run"):
        replace(module, name, partial(_starting, server))
    return module


def _starting(
    server: Mapping[str, str], inner: Inner, *arguments: Any, env: Mapping[str, str] | None = None, **named: Any
) -> Any:
    return inner(*arguments, env=own_environment(server if env is None else env, server), **named)


def _credentials(keys: Keys, config: Mapping[str, Any]) -> dict[str, str]:
    """The keys of a session of the function's role, as Lambda puts them into its environment."""
    function, role = str(config.get("FunctionArn", "")), str(config.get("Role", ""))
    name = role.rpartition("/")[2]
    session = str(config.get("FunctionName", "function"))[:64]  # the longest name of a role's session
    access_key_id = f"ASIA{_derived(keys, 'id', function, role)[:16].upper()}"
    secret, token = (_derived(keys, purpose, function, role) for purpose in ("secret", "token"))
    sts.register_session(access_key_id, {
        "Arn": f"arn:aws:sts::{function.split(':')[4]}:assumed-role/{name}/{session}",
        "UserId": f"{name}:{session}",
        "SecretAccessKey": secret,
        "SessionToken": token,
    })  # fmt: skip
    return {"AWS_ACCESS_KEY_ID": access_key_id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def _derived(keys: Keys, *parts: str) -> str:
    return hmac.new(keys.secret_access_key.encode(), "\n".join(parts).encode(), "sha256").hexdigest()
