"""Systems Manager: values of parameters, and sessions that forward a port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.database_tunnel import FORWARDING, ForwardingSession, PortForwarding

NAMES_PER_CALL = 10
"""The most that GetParameters takes (API reference of Systems Manager, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class SsmParameters:
    """The port Parameters on Systems Manager."""

    session: Session

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(names), NAMES_PER_CALL):
            with translated("GetParameters"):
                answer = self.session.client("ssm").get_parameters(
                    Names=list(names[start : start + NAMES_PER_CALL]), WithDecryption=True
                )
                # Missing names are in InvalidParameters, which is no error.
                found |= {row["Name"]: row["Value"] for row in answer.get("Parameters", ())}
        return found


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
