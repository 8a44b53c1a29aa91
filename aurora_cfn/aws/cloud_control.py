"""Actual properties of resources, by the Cloud Control API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND
from aurora_cfn.model.value import Value


@dataclass(frozen=True, slots=True)
class CloudControl:
    """The port Actuals."""

    session: Session

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        with translated("GetResource", absent={NOT_FOUND}):
            answer = self.session.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identifier)
            # Properties is a JSON text inside of the answer.
            found: Mapping[str, Value] = json.loads(answer["ResourceDescription"]["Properties"])
            return found
        return None
