"""What a deployed function is started with outside of ministack's own workers: handler, environment, layers."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import _stacks as stacks

from aurora_cfn.local.server.functions import KEPT
from aurora_cfn.model.live_session import unqualified


def asked_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """What the runner needs of a function: ARN, handler, and the environment with which Lambda would start it."""
    arn = str(config["FunctionArn"])
    found = {"arn": unqualified(arn), "handler": str(config.get("Handler", "")), "environment": environment(config)}
    return found | {"trace_id": lambda_svc._xray_trace_id_for_invocation(config)}


def environment(config: Mapping[str, Any]) -> dict[str, str]:
    """The function's variables, Lambda's own, and the keys of its role.

    Names: Lambda developer guide, "Defined runtime environment variables" (read 2026-11).
    """
    name, arn = str(config.get("FunctionName", "")), str(config.get("FunctionArn", ""))
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
    region = arn.split(":")[3]
    kept = {key: value for key, value in os.environ.items() if key in KEPT}
    path = os.pathsep.join([*_layers(config), *filter(None, [kept.get("PYTHONPATH")])])
    return {
        **kept,
        **({"PYTHONPATH": path} if path else {}),
        "HOME": os.environ.get("TMPDIR", "/tmp"),
        # What an AWS SDK needs to find the emulator; a function may name another address.
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '')}",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        **lambda_svc._runtime_env_vars(config),
        **lambda_svc.execution_credentials(config),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', '')}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": str(config.get("Version", "$LATEST")),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": str(group),
        "_HANDLER": str(config.get("Handler", "")),
    }


def _layers(config: Mapping[str, Any]) -> Iterator[str]:
    """Folders with the packages of the function's layers, unpacked once for each content."""
    for layer in config.get("Layers") or ():
        data = lambda_svc._resolve_layer_zip(layer)
        if not data:
            continue
        folder = Path(os.environ["TMPDIR"]) / f"live-layer-{hashlib.sha256(data).hexdigest()[:32]}"
        if not folder.exists():
            with zipfile.ZipFile(BytesIO(data)) as archive:
                archive.extractall(folder)
        yield str(folder / "python")
        yield from map(str, (folder / "python" / "lib").glob("python3.*/site-packages"))


def functions_of(wanted: Any) -> dict[str, Any]:
    """A row for each function of these `stacks` of one account and region; `missing` stacks are not there."""
    place = str(wanted["account"]), str(wanted["region"])
    found = {
        name: stack
        for (*where, name), stack in stacks.all_items()
        if tuple(where) == place and stack.get("StackStatus") != "DELETE_COMPLETE"
    }
    records = {key[-1]: record for key, record in lambda_svc._functions.all_items() if key[:2] == place}
    rows = [
        _row(stack, logical_id, records[resource["PhysicalResourceId"]]["config"])
        for stack in wanted["stacks"]
        for logical_id, resource in (found.get(stack, {}).get("_resources") or {}).items()
        if resource.get("ResourceType") == "AWS::Lambda::Function" and resource.get("PhysicalResourceId") in records
    ]
    return {"functions": rows, "missing": [name for name in wanted["stacks"] if name not in found]}


def _row(stack: str, logical_id: str, config: Mapping[str, Any]) -> dict[str, Any]:
    # Layers are looked up in the account and region of the request, which here is a page of ours.
    asked = lambda_svc._run_with_function_config_scope(config, asked_of, config)
    kept = {"name": config["FunctionName"], "runtime": config.get("Runtime", "")}
    return {"stack": stack, "logical_id": logical_id, **kept, **asked}
