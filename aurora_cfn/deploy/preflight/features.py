"""Features that the region or the engine version lacks; no call to RDS says that, so it comes from dated facts."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, text
from aurora_cfn.facts.regions import is_missing
from aurora_cfn.facts.versions import first_with, read_version, supports
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.resource_types import CLUSTER, DSQL
from aurora_cfn.template.resources import Resource

NAME = "features"


def findings(about: Subject) -> Iterator[Finding]:
    """An error for each feature that the template uses and that is not there; none for the embedded emulator."""
    if about.environment.endpoint == "local":
        return
    region = about.environment.region
    for name, resource in about.new.items():
        if resource.type == DSQL and is_missing("dsql", region):
            what = f"{region} has no Aurora DSQL: deploy it to another region"
            yield stack_finding(NAME, "error", what, about, logical_id=name)
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
            NAME, "error", f"{what}, or set EnableDataApi: false", about, *given, logical_id=resource.logical_id
        )
