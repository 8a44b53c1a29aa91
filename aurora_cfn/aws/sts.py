"""Who calls: STS."""

from __future__ import annotations

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session


class StsCaller:
    """The port Caller on STS."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def identity(self) -> tuple[str, str]:
        """Account id and ARN of the caller."""
        with translated("GetCallerIdentity"):
            answer = self._session.client("sts").get_caller_identity()
        return answer["Account"], answer["Arn"]
