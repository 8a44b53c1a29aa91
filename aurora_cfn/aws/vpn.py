"""Certificates in ACM."""

from __future__ import annotations

from dataclasses import dataclass

from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session


@dataclass(frozen=True, slots=True)
class AcmCertificates:
    """Certificates that AWS services show to their clients; the command line alone asks for them."""

    session: Session

    def import_certificate(self, certificate: str, key: str, chain: str, *, arn: str | None = None) -> str:
        """Keep a certificate with its key and chain, all PEM, in place of the one at `arn` if given; its ARN."""
        given: dict[str, Any] = {"CertificateArn": arn} if arn else {}
        with translated("ImportCertificate"):
            answer = self.session.client("acm").import_certificate(
                Certificate=certificate.encode(), PrivateKey=key.encode(), CertificateChain=chain.encode(), **given
            )
        return str(answer["CertificateArn"])
