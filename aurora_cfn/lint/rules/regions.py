"""Rules about the region of the stack: what it does not have, and what belongs to another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.regions import is_missing, known_regions
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant


class DsqlRegion(AuroraRule):
    """DSQL is not available in this region, or the regions of a multi-Region cluster do not fit.

    Aurora DSQL exists in some regions only. A multi-Region cluster has a peer in a second region and a witness in a
    third.
    """

    id = "E9046"
    fix = "deploy to a region with DSQL, and name another WitnessRegion"
    page = "configuring-multi-region-clusters"
    tags: ClassVar[list[str]] = ["resources", "dsql"]

    def look(self, variant: Variant) -> Iterator[Problem]:
        region = variant.parameter("AWS::Region")
        for cluster in variant.resources("AWS::DSQL::Cluster"):
            if isinstance(region, str) and is_missing("dsql", region):
                yield on(cluster, f"the region {region} has no Aurora DSQL", "deploy to a region with DSQL")
            yield from _witness(cluster, region if isinstance(region, str) else "")


def _witness(cluster: Resource, region: str) -> Iterator[Problem]:
    witness = cluster.get("MultiRegionProperties", "WitnessRegion")
    if witness.text and witness.text == region:
        message = f"WitnessRegion {witness.text} is the region of the cluster itself"
        yield at(witness, message, "name another WitnessRegion")
    elif witness.text and witness.text not in known_regions():
        yield at(witness, f"there is no region {witness.text} for WitnessRegion", "name a region with DSQL")
    for peer in cluster.items("MultiRegionProperties", "Clusters") or ():
        where = ((peer.text or "").split(":") + [""] * 4)[3]
        if where and where in {region, witness.text}:
            owner = "the cluster" if where == region else "the witness"
            yield at(peer, f"the peer is in {where}, the region of {owner}", "name a peer in another region")


# Names of zones such as eu-west-1a; local zones such as us-west-2-lax-1a begin with their region too.
_ZONE: Final = re.compile(r"[a-z]{2,3}(-[a-z]+)+-\d(-[a-z]+-\d)?[a-z]")


class OtherRegion(AuroraRule):
    """A key, a secret, a certificate or a zone of another region.

    RDS, Secrets Manager and EC2 take them from the region of the stack only: KMSKeyNotAccessible or
    InvalidParameterValue.
    """

    id = "E9074"
    fix = "name one of the region that the stack is deployed to"
    page = "Overview.Encryption"

    def look(self, variant: Variant) -> Iterator[Problem]:
        region = variant.parameter("AWS::Region")
        if not isinstance(region, str):
            return
        tables = read_facts("rule_tables")
        rows = (*tables["arns_of_the_region"].items(), *tables["zones_of_the_region"].items())
        for kind, path in ((kind, path) for kind, paths in rows for path in paths):
            for resource in variant.resources(kind):
                for found in places(resource, resource.get(), path):
                    where = _region_of(found.text or "")
                    if where and where != region:
                        what = "the ARN" if (found.text or "").startswith("arn:") else f"the zone {found.text}"
                        leaf = path.rpartition(".")[2].removesuffix("[]")
                        yield at(found, f"{what} of {leaf} is of region {where}, and the stack of {region}")


def _region_of(text: str) -> str:
    """The region of an ARN or of an availability zone; empty when it names none."""
    if text.startswith("arn:"):
        return (text.split(":") + [""] * 4)[3]
    zone = _ZONE.fullmatch(text)
    return re.sub(r"(-\d).*", r"\1", text) if zone else ""
