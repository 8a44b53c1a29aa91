"""Which resources an IAM action can be limited to: the service authorization reference, as cfn-lint carries it.

The file is read without importing cfn-lint (a second's work).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.template.resource_schema import data_folder


def arn_forms(action: str) -> tuple[str, ...]:
    """ARNs of the resource types of an action, such as `arn:${Partition}:rds:${Region}:${Account}:cluster:*`.

    Empty for an action that cannot be limited to resources, and for one that the reference does not have. Raises
    InputError when the file is missing.
    """
    service, _, name = action.partition(":")
    known = _reference().get(service, {})
    rows = known.get("Actions", {}).get(name.lower(), {}).get("Resources", ())
    # Types without an ARN form of their own (some of API Gateway) are only in the list of the action.
    types = (known["Resources"][row] for row in rows if row in known["Resources"])
    return tuple(str(form).replace(".*", "*") for row in types for form in row["ARNFormats"])


@cache
def _reference() -> Mapping[str, Any]:
    path = data_folder() / "AdditionalSpecs" / "Policies.json"
    try:
        found: Mapping[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"the service authorization reference of cfn-lint is missing: {error}") from None
    return found
