"""What IAM compares policies with, where ministack 1.5.33 does not know it: resources of paths, keys of CloudFormation.

Sources: Service Authorization Reference, "Condition keys for AWS CloudFormation"; Systems Manager User Guide,
"Restricting access to Parameter Store parameters using IAM policies"; read 2026-11.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_actions
from ministack.services.cloudformation.helpers import _p

from aurora_cfn.local.cloudformation.records import stack_of
from aurora_cfn.local.replacing import Inner, replace

KEYS = {"cloudformation:TemplateUrl": "TemplateURL", "cloudformation:RoleArn": "RoleARN"}
"""Condition keys to the parameters of a request that they stand for."""
BY_PATH = "AmazonSSM.GetParametersByPath"


def install() -> None:
    """Wrap what ministack derives from a request; it looks both functions up at each request."""
    replace(iam_actions, "extract_resource_arn", _with_paths)
    replace(iam_actions, "request_tag_context", _with_keys)


def _with_paths(
    inner: Inner, service: str, method: str, path: str, headers: dict[str, str], body: bytes, *more: Any
) -> Any:
    if service == "ssm" and headers.get("x-amz-target") == BY_PATH:
        _, region, account = more
        return f"arn:aws:ssm:{region}:{account}:parameter{json.loads(body).get('Path', '')}"
    return inner(service, method, path, headers, body, *more)


def _with_keys(inner: Inner, service: str, action: str, body: bytes, parameters: dict[str, Any]) -> Any:
    found = inner(service, action, body, parameters)
    if service != "cloudformation":
        return found
    stack = stack_of(parameters) or {}
    tags = {f"aws:ResourceTag/{row['Key']}": row["Value"] for row in stack.get("Tags", ())}
    return found | tags | {key: str(_p(parameters, name)) for key, name in KEYS.items() if name in parameters}
