"""The port Claims on Systems Manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_PARAMETER, PARAMETER_EXISTS, AwsError


@dataclass(frozen=True, slots=True)
class SsmClaims:
    """Claims as parameters of Systems Manager, which are unique in the region of the session."""

    session: Session

    def put(self, path: str, value: str) -> bool:
        try:
            with translated("PutParameter"):
                # Without Overwrite, PutParameter is refused for a name that exists: the claim is this one call.
                self.session.client("ssm").put_parameter(Name=path, Value=value, Type="String", Overwrite=False)
        except AwsError as error:
            if error.code != PARAMETER_EXISTS:
                raise
            return False
        return True

    def get(self, path: str) -> str | None:
        row = self._row(path)
        return str(row["Value"]) if row else None

    def identity(self, path: str) -> str:
        """The time of the claim: a version alone would be 1 again after the path was freed and taken."""
        row = self._row(path)
        return f"{row['Version']} {row['LastModifiedDate'].timestamp():.6f}" if row else ""

    def under(self, path: str) -> Mapping[str, str]:
        # 10 a page is the most that GetParametersByPath gives (API reference).
        with translated("GetParametersByPath"):
            pages = self.session.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path)
            rows = [row for page in pages for row in page.get("Parameters", ())]
        return {row["Name"].removeprefix(path).strip("/"): row["Value"] for row in rows}

    def remove(self, path: str, identity: str) -> bool:
        if not identity or self.identity(path) != identity:
            return False
        try:
            with translated("DeleteParameter"):
                self.session.client("ssm").delete_parameter(Name=path)
        except AwsError as error:
            if error.code != NO_PARAMETER:
                raise
            return False
        return True

    def _row(self, path: str) -> Mapping[str, Any] | None:
        # Not GetParameter: for a missing name it raises an error, which would have to be distinguished from others.
        with translated("GetParameters"):
            rows = self.session.client("ssm").get_parameters(Names=[path]).get("Parameters", ())
        return next(iter(rows), None)
