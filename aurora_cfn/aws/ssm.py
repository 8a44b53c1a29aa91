"""Systems Manager: values of parameters, the port Claims, and sessions that forward a port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_PARAMETER, PARAMETER_EXISTS
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


@dataclass(frozen=True, slots=True)
class SsmClaims:
    """Claims as parameters of Systems Manager, which are unique in the region of the session."""

    session: Session

    def put(self, path: str, value: str) -> bool:
        with translated("PutParameter", absent={PARAMETER_EXISTS}):
            # Without Overwrite, PutParameter is refused for a name that exists: the claim is this one call.
            self.session.client("ssm").put_parameter(Name=path, Value=value, Type="String", Overwrite=False)
            return True
        return False

    def get(self, path: str) -> str | None:
        row = self._row(path)
        return str(row["Value"]) if row else None

    def identity(self, path: str) -> str:
        """The time of the claim: a version alone would be 1 again after the path was freed and taken."""
        row = self._row(path)
        return f"{row['Version']} {row['LastModifiedDate'].timestamp():.6f}" if row else ""

    def under(self, path: str) -> Mapping[str, str]:
        # 10 a page is the most that GetParametersByPath gives (API reference).
        pair = itemgetter("Name", "Value")
        rows = every_row(self.session.client("ssm"), "get_parameters_by_path", "Parameters", pair, Path=path)
        return {name.removeprefix(path).strip("/"): value for name, value in rows}

    def remove(self, path: str, identity: str) -> bool:
        # DeleteParameter takes no version, so the moment between the two calls stays open.
        if not identity or self.identity(path) != identity:
            return False
        with translated("DeleteParameter", absent={NO_PARAMETER}):
            self.session.client("ssm").delete_parameter(Name=path)
            return True
        return False

    def _row(self, path: str) -> Mapping[str, Any] | None:
        # Not GetParameter: for a missing name it raises an error, which would have to be distinguished from others.
        with translated("GetParameters"):
            rows = self.session.client("ssm").get_parameters(Names=[path]).get("Parameters", ())
        return next(iter(rows), None)
