"""Systems Manager: sessions that forward a port."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.port_forwarding import FORWARDING, ForwardingSession, PortForwarding


@dataclass(frozen=True, slots=True)
class SsmSessions:
    """Sessions of Session Manager that forward a port."""

    session: Session

    def start_forwarding(self, wanted: PortForwarding) -> ForwardingSession:
        """The session; data flows once the plugin of Session Manager takes it over."""
        with translated("StartSession"):
            answer = self.session.client("ssm").start_session(
                Target=wanted.target, DocumentName=FORWARDING, Parameters=wanted.parameters, Reason="aurora-cfn"
            )
            return ForwardingSession(answer["SessionId"], answer["StreamUrl"], answer["TokenValue"])

    def terminate(self, identifier: str) -> None:
        """End the session; no error if it has ended."""
        with translated("TerminateSession"):
            self.session.client("ssm").terminate_session(SessionId=identifier)

    def endpoint(self) -> str:
        """The address of the API, which the plugin calls to resume a session."""
        return str(self.session.client("ssm").meta.endpoint_url)
