"""The server certificate of a Client VPN in ACM, and the configuration of its endpoint in EC2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session


@dataclass(frozen=True, slots=True)
class AcmCertificates:
    """Certificates in ACM."""

    session: Session

    def import_certificate(self, certificate: str, key: str, chain: str, *, arn: str | None = None) -> str:
        """The ARN of the imported certificate, all PEM; with `arn` it replaces that one and keeps its ARN."""
        # botocore takes PEM as bytes, and encodes them itself.
        given: dict[str, Any] = {"CertificateArn": arn} if arn else {}
        with translated("ImportCertificate"):
            answer = self.session.client("acm").import_certificate(
                Certificate=certificate.encode(), PrivateKey=key.encode(), CertificateChain=chain.encode(), **given
            )
            return str(answer["CertificateArn"])


@dataclass(frozen=True, slots=True)
class Ec2VpnEndpoints:
    """Client VPN endpoints in EC2."""

    session: Session

    def client_configuration(self, endpoint: str) -> str:
        """The OpenVPN configuration of the endpoint, without the certificate and key of a client."""
        with translated("ExportClientVpnClientConfiguration"):
            answer = self.session.client("ec2").export_client_vpn_client_configuration(ClientVpnEndpointId=endpoint)
            return str(answer["ClientConfiguration"])
