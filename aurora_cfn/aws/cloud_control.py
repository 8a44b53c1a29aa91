"""What a resource really looks like, in the words of its CloudFormation type: Cloud Control API."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError
from aurora_cfn.model.value import Value


class CloudControl:
    """The port Actuals."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        """The properties of a resource that exists, None when there is none of that identifier."""
        try:
            with translated("GetResource"):
                answer = self._session.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identifier)
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        found: Mapping[str, Value] = json.loads(answer["ResourceDescription"]["Properties"])
        return found
