"""Names: of an environment, and of its stacks in AWS."""

from __future__ import annotations

import re

from aurora_cfn.errors import InputError

ENVIRONMENT_NAME = r"[a-z][a-z0-9-]{0,30}"
STACK_NAME = r"[A-Za-z][A-Za-z0-9-]{0,127}"
"""CloudFormation: letters, digits and hyphens, starting with a letter, at most 128 (API reference of CreateStack)."""


def check_environment_name(name: str) -> str:
    """The name itself; raises InputError for a path or anything else that cannot be a file of the params folder."""
    if re.fullmatch(ENVIRONMENT_NAME, name):
        return name
    if "/" in name or "\\" in name or name.endswith((".yaml", ".yml")):
        raise InputError(f"{name!r} is a path, not the name of an environment (write dev for params/dev.yaml)")
    rule = "lower-case letters, digits and hyphens, starting with a letter, at most 31"
    raise InputError(f"{name!r} is not the name of an environment: {rule}")


def stack_name(key: str, environment: str) -> str:
    """`aurora-serverless-dev`: the name in AWS of a stack that sets none itself."""
    return f"{key}-{environment}"
