"""Rules about Client VPN endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.lint.mentions import is_named_outside
from aurora_cfn.lint.network import ENDPOINT, network
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant, step

_CERTIFICATE = "give MutualAuthentication with the ClientRootCertificateChainArn of a certificate in ACM"


class ClientVpn(AuroraRule):
    """Client VPN values that EC2 refuses, or an endpoint without network or rule.

    The client range is /12 to /22 and does not overlap the VPC; a session lasts 8, 10, 12 or 24 hours; certificate
    authentication needs its root certificate; without association and authorization rule there is no traffic.
    """

    id = "E9047"
    fix = (
        "correct the value, and give the endpoint a ClientVpnTargetNetworkAssociation and a ClientVpnAuthorizationRule"
    )
    page = "how-it-works"
    tags: ClassVar[list[str]] = ["resources", "ec2", "vpn"]

    def look(self, variant: Variant) -> Iterator[Problem]:
        for endpoint in variant.resources(ENDPOINT):
            yield from _addresses(endpoint)
            hours = endpoint.get("SessionTimeoutHours")
            if hours.number is not None and hours.number not in {8, 10, 12, 24}:
                message = f"SessionTimeoutHours {hours.number:g} is not 8, 10, 12 or 24"
                yield at(hours, message, "set it to one of these")
            for row in endpoint.items("AuthenticationOptions") or ():
                kind = step(row, "Type", variant)
                if kind.text == "certificate-authentication" and step(row, "MutualAuthentication", variant).absent:
                    yield at(kind, "certificate-authentication needs MutualAuthentication", _CERTIFICATE)
            for part in ("ClientVpnTargetNetworkAssociation", "ClientVpnAuthorizationRule"):
                made = any(row.refers_to(endpoint) for row in variant.resources(f"AWS::EC2::{part}"))
                if endpoint.certain and not made and not is_named_outside(variant, endpoint.name):
                    yield on(endpoint, f"{endpoint.name} has no {part}", f"add an AWS::EC2::{part} for it")


def _addresses(endpoint: Resource) -> Iterator[Problem]:
    found = endpoint.get("ClientCidrBlock")
    clients = network(found)
    if found.text is not None and (clients is None or not 12 <= clients.prefixlen <= 22):
        yield at(found, f"ClientCidrBlock {found.text} is not a range from /12 to /22", "use such as 10.100.0.0/22")
    vpc = endpoint.variant.target(endpoint.get("VpcId"))
    inside = network(vpc.get("CidrBlock")) if vpc else None
    if clients and inside and clients.overlaps(inside):
        yield at(found, f"ClientCidrBlock {found.text} overlaps the VPC's {inside}", "use a range outside the VPC")


class ClientVpnOptions(AuroraRule):
    """A VPN without a connection log, or one whose clients cannot reach the internet.

    Without a connection log there is no record of who connected; without split tunnel all traffic of a client enters
    the VPN, and needs a route to 0.0.0.0/0 to leave it.
    """

    id = "W9047"
    fix = "turn ConnectionLogOptions on, and set SplitTunnel to true or add the route"
    page = "how-it-works"
    every_variant = False
    tags: ClassVar[list[str]] = ["resources", "ec2", "vpn"]

    def look(self, variant: Variant) -> Iterator[Problem]:
        routes = [row.get("DestinationCidrBlock").text for row in variant.resources("AWS::EC2::ClientVpnRoute")]
        for endpoint in variant.resources(ENDPOINT):
            log, split = endpoint.get("ConnectionLogOptions", "Enabled"), endpoint.get("SplitTunnel")
            if log.flag is False:
                yield at(log, f"{endpoint.name} has no connection log", "turn ConnectionLogOptions on")
            leaves = None in routes or "0.0.0.0/0" in routes or is_named_outside(variant, endpoint.name)
            if (split.absent or split.flag is False) and not leaves:
                message = f"all traffic of clients enters {endpoint.name} and cannot leave it"
                fix = "set SplitTunnel to true, or add a ClientVpnRoute to 0.0.0.0/0"
                yield Problem(endpoint.place_of(split), message, fix)
