from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE, PROXY
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

# Type to paths of ARNs that must be of the region of the stack, and of names of availability zones.
_ARNS: Final = (
    (CLUSTER, "KmsKeyId"),
    (CLUSTER, "PerformanceInsightsKmsKeyId"),
    (CLUSTER, "MasterUserSecret.KmsKeyId"),
    (INSTANCE, "KmsKeyId"),
    (INSTANCE, "PerformanceInsightsKMSKeyId"),
    (INSTANCE, "MasterUserSecret.KmsKeyId"),
    (PROXY, "Auth[].SecretArn"),
    ("AWS::DSQL::Cluster", "KmsEncryptionKey"),
    ("AWS::SecretsManager::Secret", "KmsKeyId"),
    ("AWS::EC2::ClientVpnEndpoint", "ServerCertificateArn"),
    ("AWS::RDS::EventSubscription", "SnsTopicArn"),
)
_ZONES: Final = (
    ("AWS::EC2::Subnet", "AvailabilityZone"),
    (CLUSTER, "AvailabilityZones[]"),
    (INSTANCE, "AvailabilityZone"),
)
# Names of zones such as eu-west-1a; local zones such as us-west-2-lax-1a begin with their region too.
_ZONE: Final = re.compile(r"[a-z]{2,3}(-[a-z]+)+-\d(-[a-z]+-\d)?[a-z]")


class OtherRegion(AuroraRule):
    """A key, a secret, a certificate or a zone of another region.

    RDS, Secrets Manager and EC2 take them from the region of the stack only: KMSKeyNotAccessible or
    InvalidParameterValue.
    """

    id = "E9074"
    fix = "name one of the region that the stack is deployed to"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        region = world.parameter("AWS::Region")
        if not isinstance(region, str):
            return
        for kind, path in (*_ARNS, *_ZONES):
            for resource in world.resources(kind):
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
