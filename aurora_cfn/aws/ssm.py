"""Systems Manager: values of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session

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
