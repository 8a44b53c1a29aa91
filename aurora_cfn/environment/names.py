"""Names of environments, of stacks in AWS, and of regions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aurora_cfn.environment.shapes import Fault, Text
from aurora_cfn.errors import InputError
from aurora_cfn.facts.regions import PATTERN, is_misspelled, known_regions, meant, partition
from aurora_cfn.model.value import Path, Value

# 31 characters, so that identifiers such as <environment>-auroracluster-1 stay under the 63 of RDS.
ENVIRONMENT_NAME = r"[a-z][a-z0-9-]{0,30}"
MOST_CHARACTERS = 128
STACK_NAME = rf"[A-Za-z][A-Za-z0-9-]{{0,{MOST_CHARACTERS - 1}}}"
"""CloudFormation: letters, digits and hyphens, starting with a letter, at most 128 (API reference of CreateStack)."""

CLIENT_NAME, CLIENT_LONGEST = "[a-z](-?[a-z0-9])*", 30
CLIENT_RULE = "lower-case letters, digits and single hyphens, starting with a letter, at most 30"
"""Of a fleet and of its clients: together they are the identifier of an RDS cluster."""


def check_environment_name(name: str) -> str:
    """The name; raises InputError for a path or an invalid name."""
    if re.fullmatch(ENVIRONMENT_NAME, name):
        return name
    if "/" in name or "\\" in name or name.endswith((".yaml", ".yml")):
        raise InputError(f"{name!r} is a path, not the name of an environment (write dev for params/dev.yaml)")
    rule = "lower-case letters, digits and hyphens, starting with a letter, at most 31"
    raise InputError(f"{name!r} is not the name of an environment: {rule}")


def stack_name(key: str, environment: str) -> str:
    """`aurora-serverless-dev`: the default name in AWS of a stack."""
    return f"{key}-{environment}"


def templates_named(root: Value) -> set[str]:
    """The templates that the stacks and the fleet of a params file name, whether or not the rest of it is right."""
    sections = root if isinstance(root, Mapping) else {}
    stacks = sections.get("stacks")
    rows = [*(stacks.values() if isinstance(stacks, Mapping) else ()), sections.get("fleet")]
    return {str(row["template"]) for row in rows if isinstance(row, Mapping) and "template" in row}


_TEXT = Text(PATTERN, "a region such as eu-west-1")


@dataclass(frozen=True, slots=True)
class RegionName:
    """The name of a region, which may be newer than the facts."""

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """A fault for an invalid name, and for one that is probably a misspelled region."""
        hint = f"did you mean {meant(value)}?" if isinstance(value, str) and meant(value) else ""
        for fault in _TEXT.faults(value, path):
            yield fault._replace(hint=fault.hint or hint)
        if isinstance(value, str) and re.fullmatch(PATTERN, value) and is_misspelled(value):
            yield Fault(path, f"{value!r} is not the name of a region", hint)

    def schema(self) -> dict[str, Value]:
        """Text with the pattern, so that new regions are allowed."""
        return _TEXT.schema()


def foreign_arns(root: Mapping[str, Value]) -> Iterator[Fault]:
    """Faults of ARNs in another partition than the region, or in another account."""
    region, account, topics = (root.get(key) for key in ("region", "account", "notification_arns"))
    policies = {key: root.get(key) for key in ("role_arn", "permissions_boundary")}
    found: dict[Path, Value] = {(key,): arn for key, arn in policies.items()}
    found |= {("notification_arns", n): arn for n, arn in enumerate(topics if isinstance(topics, list) else [])}
    for path, arn in found.items():
        theirs = _part(arn, 1)
        if isinstance(region, str) and theirs not in {"", partition(region)}:
            yield Fault(path, f"{arn} is in the partition {theirs}, but {region} is in {partition(region)}")
    for key, arn in policies.items():
        # A policy of AWS itself has `aws` in place of an account.
        if isinstance(account, str) and _part(arn, 4) not in {"", "aws", account}:
            taker = "CloudFormation takes no other role" if key == "role_arn" else "IAM takes no other policy"
            yield Fault((key,), f"{arn} is not of the account {account}, and {taker}")


def _part(arn: Value, number: int) -> str:
    parts = arn.split(":") if isinstance(arn, str) else []
    # An ARN has six parts; what has fewer is a fault of the pattern.
    return parts[number] if len(parts) > 5 else ""


def region_fault(name: str) -> str:
    """What is wrong with a region's name, empty if it may be used."""
    fault = next(RegionName().faults(name, ()), None)
    return f"{fault.what} ({fault.hint})" if fault and fault.hint else fault.what if fault else ""


def region_doubt(name: str) -> str:
    """A warning about a region's name that is not in the facts, else empty."""
    if name in known_regions():
        return ""
    near = f"; did you mean {meant(name)}?" if meant(name) else ""
    return f"no region {name} is known here, so it is taken as written{near}"
