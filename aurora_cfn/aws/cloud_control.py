"""Actual properties of resources, by the Cloud Control API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError
from aurora_cfn.model.value import Value


@dataclass(frozen=True, slots=True)
class CloudControl:
    """The port Actuals."""

    session: Session

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        try:
            with translated("GetResource"):
                answer = self.session.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identifier)
                text = answer["ResourceDescription"]["Properties"]
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        # Properties is a JSON text inside of the answer.
        found: Mapping[str, Value] = json.loads(text)
        return found
