"""What else a whole command may meet: certificates in ACM and Client VPN endpoints."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from uuid import uuid4
from xml.sax.saxutils import escape

from aurora_cfn.errors import AwsError


@dataclass
class Stores:
    """Certificates by ARN, configurations by the id of their endpoint."""

    certificates: dict[str, dict[str, str]] = field(default_factory=dict)
    configurations: dict[str, str] = field(default_factory=dict)

    def import_certificate(self, body: str) -> str:
        """The answer to ImportCertificate. Raises AwsError for an ARN that ACM does not have."""
        asked = json.loads(body)
        arn = asked.pop("CertificateArn", None)
        if arn and arn not in self.certificates:
            raise AwsError(f"Could not find certificate {arn}", code="ResourceNotFoundException")
        arn = arn or f"arn:aws:acm:eu-west-1:123456789012:certificate/{uuid4()}"
        self.certificates[arn] = {name: base64.b64decode(value).decode() for name, value in asked.items()}
        return json.dumps({"CertificateArn": arn})

    def export(self, endpoint: str) -> str:
        """The answer to ExportClientVpnClientConfiguration. Raises AwsError for an endpoint that is not there."""
        if endpoint not in self.configurations:
            raise AwsError(f"Endpoint {endpoint} does not exist", code="InvalidClientVpnEndpointId.NotFound")
        text = escape(self.configurations[endpoint])
        name = "ExportClientVpnClientConfigurationResponse"
        return f"<{name}><requestId>r</requestId><clientConfiguration>{text}</clientConfiguration></{name}>"
