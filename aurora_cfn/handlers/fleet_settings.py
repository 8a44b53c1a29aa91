"""The fleet of the function: its environment variables, and the document that `aurora-cfn deploy` put into the bucket.

FLEET_NAME, FLEET_REGIONS (commas), FLEET_BUCKET, FLEET_KEY (of the document), FLEET_URL (of the templates),
MAX_CLIENTS_PER_REGION, CALLER_PARAMETERS (commas) and CLIENT_ROLE_ARN are set by the template.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .aws_calls import Clients, refusals
from .fleet_names import FLEET, VERSION

Item = str | Mapping[str, str]
"""A text, or `{"stack": name, "output": key}`: the output of a stack in the region of the client."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the environment says about its clients.

    `parameters` are those of every client, each with its items, which are joined by commas. `needs` is how many of
    each quota of RDS a client uses at least. `environment` is the value of EnvironmentName. `declared` are the names of
    the template's parameters.
    """

    version: str
    claims_region: str
    environment: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    declared: Sequence[str] = ()
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fleet:
    """The fleet of the API."""

    name: str
    regions: tuple[str, ...]
    most: int
    callers: frozenset[str]
    role: str
    url: str
    document: Document

    def template_url(self, version: str) -> str:
        """The address of the template of that version."""
        return f"{self.url}{version}.yaml"

    @property
    def tags(self) -> dict[str, str]:
        """The tags of every client's stack."""
        return {**self.document.tags, FLEET: self.name, VERSION: self.document.version}


def fleet_from_environment(clients: Clients) -> Fleet:
    """The fleet in the function's settings. Raises KeyError without one of them, RefusedError without the document."""
    given = os.environ
    with refusals():
        found = clients("s3", given["AWS_REGION"]).get_object(Bucket=given["FLEET_BUCKET"], Key=given["FLEET_KEY"])
    return Fleet(
        name=given["FLEET_NAME"],
        regions=tuple(given["FLEET_REGIONS"].split(",")),
        most=int(given["MAX_CLIENTS_PER_REGION"]),
        callers=frozenset(filter(None, given["CALLER_PARAMETERS"].split(","))),
        role=given["CLIENT_ROLE_ARN"],
        url=given["FLEET_URL"],
        document=document_from(json.loads(found["Body"].read())),
    )


def document_from(value: Mapping[str, Any]) -> Document:
    """The document in its JSON."""
    return Document(**value)
