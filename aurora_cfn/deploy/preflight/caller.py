"""Whether the credentials, the role and the topics belong to the environment's account and partition."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import SOURCE
from aurora_cfn.deploy.preflight.subject import WholeRun
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.finding import Finding

NAME = "caller"


def findings(about: WholeRun) -> Iterator[Finding]:
    """An error for each setting that does not fit the caller's account or the region's partition."""
    account, arn = about.identity
    environment = about.environment
    topics = environment.notification_arns
    if environment.account and account != environment.account:
        yield _error(about, "account", f"belongs to {environment.account}, but these credentials are of {account}")
    expected = partition(environment.region)
    if _part(arn, 1) != expected:
        what = f"{environment.region} is in the partition {expected}, but these credentials are of {_part(arn, 1)}"
        yield _error(about, "region", what)
    for key, given in (("role_arn", environment.role_arn), *(("notification_arns", arn) for arn in topics)):
        if given and _part(given, 1) != expected:
            what = f"{given} is in the partition {_part(given, 1)}, but {environment.region} is in {expected}"
            yield _error(about, key, what)
    if environment.role_arn and _part(environment.role_arn, 4) != account:
        what = f"the role is of the account {_part(environment.role_arn, 4)}, but CloudFormation takes one of {account}"
        yield _error(about, "role_arn", what)


def _part(arn: str, number: int) -> str:
    # arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
    parts = arn.split(":")
    return parts[number] if len(parts) > number else ""


def _error(about: WholeRun, key: str, message: str) -> Finding:
    return Finding(NAME, "error", message, about.environment.path, 1, key=key, source=SOURCE)
