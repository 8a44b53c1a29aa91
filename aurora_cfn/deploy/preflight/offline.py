"""Checks that read nothing from AWS: settings of another account or partition, and features that are not there.

No call to RDS says which features a region or an engine version lacks, so that comes from dated facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import SOURCE, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, WholeRun, text
from aurora_cfn.facts.regions import is_missing, partition
from aurora_cfn.facts.versions import first_with, read_version, supports
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.resource_types import CLUSTER, DSQL
from aurora_cfn.template.resources import Resource


def caller_findings(about: WholeRun) -> Iterator[Finding]:
    """An error for each setting that does not fit the caller's account or the region's partition."""
    account, arn = about.identity
    environment = about.environment
    topics = environment.notification_arns
    if environment.account and account != environment.account:
        yield _setting(about, "account", f"belongs to {environment.account}, but these credentials are of {account}")
    expected = partition(environment.region)
    if _part(arn, 1) != expected:
        what = f"{environment.region} is in the partition {expected}, but these credentials are of {_part(arn, 1)}"
        yield _setting(about, "region", what)
    for key, given in (("role_arn", environment.role_arn), *(("notification_arns", arn) for arn in topics)):
        if given and _part(given, 1) != expected:
            what = f"{given} is in the partition {_part(given, 1)}, but {environment.region} is in {expected}"
            yield _setting(about, key, what)
    if environment.role_arn and _part(environment.role_arn, 4) != account:
        what = f"the role is of the account {_part(environment.role_arn, 4)}, but CloudFormation takes one of {account}"
        yield _setting(about, "role_arn", what)


def _part(arn: str, number: int) -> str:
    # arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
    parts = arn.split(":")
    return parts[number] if len(parts) > number else ""


def _setting(about: WholeRun, key: str, message: str) -> Finding:
    return Finding("caller", "error", message, about.environment.path, 1, key=key, source=SOURCE)


def feature_findings(about: Subject) -> Iterator[Finding]:
    """An error for each feature that the template uses and that is not there; none for the embedded emulator."""
    if about.environment.endpoint == "local":
        return
    region = about.environment.region
    for name, resource in about.new.items():
        if resource.type == DSQL and is_missing("dsql", region):
            what = f"{region} has no Aurora DSQL: deploy it to another region"
            yield stack_finding("features", "error", what, about, logical_id=name)
        elif resource.type == CLUSTER and resource.properties.get("EnableHttpEndpoint") == "true":
            yield from _data_api(about, resource)


def _data_api(about: Subject, resource: Resource) -> Iterator[Finding]:
    engine, version = (text(resource.properties.get(key)) or "" for key in ("Engine", "EngineVersion"))
    what, named = "", read_version(engine, version)
    if is_missing("data-api", about.environment.region):
        what = f"{about.environment.region} has no Data API"
    elif named and supports(named, "data-api") is False:
        what = f"{engine} {version} has no Data API: take {first_with(engine, 'data-api')} or later"
    if what:
        given = "EnableDataApi", "EngineVersion"
        yield stack_finding(
            "features", "error", f"{what}, or set EnableDataApi: false", about, *given, logical_id=resource.logical_id
        )
