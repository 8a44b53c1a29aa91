"""Whether the region offers the engine version, with the capacities that the template asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, text
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.rds_database import OfferedVersion
from aurora_cfn.model.resource_types import RDS_DATABASES
from aurora_cfn.model.version_order import numbers
from aurora_cfn.template.forms import number_of
from aurora_cfn.template.resources import Resource

NAME = "engine-version"
PARAMETER = "EngineVersion"
EngineRequest = tuple[str, str]
Offers = Mapping[EngineRequest, Sequence[OfferedVersion]]


def requested(about: Subject) -> dict[str, EngineRequest]:
    """Engine and version by logical id, where both are known and the database is new or they change."""
    found: dict[str, EngineRequest] = {}
    for name, resource in about.new.items():
        request = _request(resource)
        if request and (not about.physical_id(name) or request != _request(about.old.get(name))):
            found[name] = request
    return found


def facts(ports: CheckPorts, about: Subject) -> Offers:
    """What RDS offers for each request, and for its major version when that is nothing."""
    found: dict[EngineRequest, Sequence[OfferedVersion]] = {}
    for engine, version in requested(about).values():
        found[engine, version] = ports.databases.versions(engine, version)
        if not found[engine, version]:
            # Only to name the versions that there are: DescribeDBEngineVersions takes a major version too.
            found[engine, _major(version)] = ports.databases.versions(engine, _major(version))
    return found


def findings(about: Subject, offers: Offers) -> Iterator[Finding]:
    """An error for a version that is not offered, and for a capacity that the version does not have."""
    for name, (engine, version) in requested(about).items():
        offered = offers[engine, version]
        if not offered:
            others = _newest(offers.get((engine, _major(version)), ()))
            what = f"{engine} {version} is not offered in {about.environment.region}: it has {others}"
            yield stack_finding(NAME, "error", what, about, PARAMETER, logical_id=name)
        else:
            yield from _capacities(about, about.new[name], f"{engine} {version}", offered)


def _capacities(
    about: Subject, resource: Resource, version: str, offered: Sequence[OfferedVersion]
) -> Iterator[Finding]:
    scaling = resource.properties.get("ServerlessV2ScalingConfiguration")
    if not isinstance(scaling, Mapping):
        return
    able = [row for row in offered if row.lowest_acu is not None and row.highest_acu is not None]
    if not able:
        # Only a warning: endpoints that imitate AWS may return versions without any capacities.
        what = f"RDS does not say that {version} can run as Aurora Serverless v2 in {about.environment.region}"
        yield stack_finding(NAME, "warning", what, about, PARAMETER, logical_id=resource.logical_id)
        return
    low, high = number_of(scaling.get("MinCapacity")), number_of(scaling.get("MaxCapacity"))
    lowest, highest = min(row.lowest_acu or 0 for row in able), max(row.highest_acu or 0 for row in able)
    if low is not None and low < lowest:
        pause = " and so cannot pause" if low == 0 else ""
        what = f"{version} scales down to {lowest:g} ACU{pause}, not to {low:g}"
        yield stack_finding(
            NAME, "error", what, about, PARAMETER, "AutoPause", "MinCapacity", logical_id=resource.logical_id
        )
    if high is not None and high > highest:
        what = f"{version} scales up to {highest:g} ACU, not to {high:g}"
        yield stack_finding(NAME, "error", what, about, "MaxCapacity", logical_id=resource.logical_id)


def _request(resource: Resource | None) -> EngineRequest | None:
    if resource is None or resource.type not in RDS_DATABASES:
        return None
    engine, version = (text(resource.properties.get(key)) for key in ("Engine", "EngineVersion"))
    return (engine, version) if engine and version else None


def _major(version: str) -> str:
    # 8.0 of 8.0.mysql_aurora.3.08.0, 17 of 17.5.
    return ".".join(version.split(".")[:2]) if "mysql" in version else version.split(".")[0]


def _newest(offered: Sequence[OfferedVersion]) -> str:
    ranked = sorted({row.version for row in offered}, key=lambda name: numbers(name) or (), reverse=True)
    return ", ".join(ranked[:3]) or "none of that major version"


CHECK = Check(NAME, "which engine versions are offered", ("rds:DescribeDBEngineVersions",), facts, findings)
