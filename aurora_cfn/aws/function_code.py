"""The code that Lambda functions run."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError


@dataclass(frozen=True, slots=True)
class AwsFunctions:
    """The port Functions."""

    session: Session

    def code_sha256(self, function: str) -> str | None:
        """SHA-256 of the deployed zip in Base64, None for a function that does not exist."""
        try:
            with translated("GetFunctionConfiguration"):
                found = self.session.client("lambda").get_function_configuration(FunctionName=function)
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        return str(found.get("CodeSha256", "")) or None
