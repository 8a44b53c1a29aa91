"""Client VPN endpoints on EC2."""

from __future__ import annotations

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session


class Ec2VpnEndpoints:
    """Endpoints that were made; the command line alone asks for them."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first call."""
        self._session = session

    def client_configuration(self, endpoint: str) -> str:
        """What a client needs to know of the endpoint, as OpenVPN configuration without the client's own part."""
        with translated("ExportClientVpnClientConfiguration"):
            answer = self._session.client("ec2").export_client_vpn_client_configuration(ClientVpnEndpointId=endpoint)
        return str(answer["ClientConfiguration"])
