"""Values of SSM parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session

A_CALL = 10
"""GetParameters takes at most ten names (API reference of Systems Manager, read 2026-11)."""


class SsmParameters:
    """The port Parameters on Systems Manager."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        """Values of the parameters that exist, decrypted; missing names are absent."""
        found: dict[str, str] = {}
        for start in range(0, len(names), A_CALL):
            with translated("GetParameters"):
                answer = self._session.client("ssm").get_parameters(
                    Names=list(names[start : start + A_CALL]), WithDecryption=True
                )
            found |= {row["Name"]: row["Value"] for row in answer["Parameters"]}
        return found
