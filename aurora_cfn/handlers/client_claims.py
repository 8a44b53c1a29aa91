"""The names of clients, claimed in SSM: one place for the clients of all regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .aws_calls import Clients, RefusedError, refusals
from .fleet_names import claim_path, claims_path
from .fleet_settings import Fleet


@dataclass(frozen=True, slots=True)
class ClientClaims:
    """The claims of the fleet's clients. Every method raises RefusedError."""

    fleet: Fleet
    clients: Clients

    def get(self, client: str) -> str:
        """The value of the claim, empty where the name is free."""
        try:
            with refusals():
                found = self._ssm.get_parameter(Name=claim_path(self.fleet.name, client))
        except RefusedError as error:
            if error.code != "ParameterNotFound":
                raise
            return ""
        return str(found["Parameter"]["Value"])

    def put(self, client: str, value: str, *, over: bool = False) -> bool:
        """Whether the name was free and has the value now: of several callers exactly one gets True.

        `over` writes over a value that is there.
        """
        path = claim_path(self.fleet.name, client)
        try:
            with refusals():
                self._ssm.put_parameter(Name=path, Value=value, Type="String", Overwrite=over)
        except RefusedError as error:
            if error.code != "ParameterAlreadyExists":
                raise
            return False
        return True

    def free(self, client: str) -> None:
        """Free the name; no error when it is free."""
        try:
            with refusals():
                self._ssm.delete_parameter(Name=claim_path(self.fleet.name, client))
        except RefusedError as error:
            if error.code != "ParameterNotFound":
                raise

    def all(self) -> Mapping[str, str]:
        """The values of all claims by client."""
        path = claims_path(self.fleet.name)
        with refusals():
            pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
            rows = [row for page in pages for row in page["Parameters"]]
        return {row["Name"].removeprefix(f"{path}/"): row["Value"] for row in rows}

    @property
    def _ssm(self) -> Any:
        return self.clients("ssm", self.fleet.document.claims_region)
