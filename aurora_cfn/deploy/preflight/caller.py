"""Whether the credentials, the role and the topics belong to the environment's account and partition."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import SOURCE
from aurora_cfn.deploy.preflight.subject import Whole
from aurora_cfn.model.finding import Finding

NAME = "caller"
PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))
"""Beginnings of region names that are not in the partition `aws` (AWS General Reference, read 2026-11)."""


def findings(about: Whole) -> Iterator[Finding]:
    """An error for each thing that is not of the account and partition of the caller."""
    account, arn = about.identity
    environment = about.environment
    if environment.account and account != environment.account:
        yield _error(about, "account", f"belongs to {environment.account}, but these credentials are of {account}")
    expected = partition(environment.region)
    if _part(arn, 1) != expected:
        what = f"{environment.region} is in the partition {expected}, but these credentials are of {_part(arn, 1)}"
        yield _error(about, "region", what)
    if environment.role_arn and _part(environment.role_arn, 4) != account:
        what = f"the role is of the account {_part(environment.role_arn, 4)}, but CloudFormation takes one of {account}"
        yield _error(about, "role_arn", what)


def partition(region: str) -> str:
    """The partition of a region."""
    return next((name for start, name in PARTITIONS if region.startswith(start)), "aws")


def _part(arn: str, number: int) -> str:
    parts = arn.split(":")
    return parts[number] if len(parts) > number else ""


def _error(about: Whole, key: str, message: str) -> Finding:
    return Finding(NAME, "error", message, about.environment.path, 1, key=key, source=SOURCE)
