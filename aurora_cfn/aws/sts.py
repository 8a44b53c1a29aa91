"""The caller's identity, from STS."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session


@dataclass(frozen=True, slots=True)
class StsCaller:
    """The identity of the credentials."""

    session: Session

    def identity(self) -> tuple[str, str]:
        """Account id and ARN of the caller."""
        with translated("GetCallerIdentity"):
            answer = self.session.client("sts").get_caller_identity()
            return answer["Account"], answer["Arn"]
