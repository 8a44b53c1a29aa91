"""What the function of the template databases-api reads: the template of the clients, and what a params file says.

Both go into the bucket of the code under keys that name their contents, so a client keeps the version that it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from aurora_cfn.deploy.preflight.quotas import SNAPSHOTS
from aurora_cfn.fleet.client_entry import DIGITS, version_of
from aurora_cfn.fleet.quotas import CLUSTERS, needs_of
from aurora_cfn.handlers.fleet_names import files_path
from aurora_cfn.model.environment import Environment, ListRef, OutputRef, ParameterValue, StackRef
from aurora_cfn.template.summary import TemplateSummary


@dataclass(frozen=True, slots=True)
class ApiFiles:
    """The parameters of the API's stack, and the files by their keys in the bucket."""

    parameters: Mapping[str, str]
    files: Mapping[str, bytes]


def api_files(environment: Environment, template: TemplateSummary, text: str, owner: Mapping[str, str]) -> ApiFiles:
    """The files of the API for clients of that template with that text; `owner` are the tags of ownership."""
    fleet = environment.fleet
    # The loader refuses a file with such a stack and without the section.
    assert fleet is not None
    version, path = version_of(fleet, text), files_path(fleet.name)
    needs = dict(needs_of(template.template, fleet.defaults))
    # The final snapshot of a client counts: without room for it no client could be deleted.
    needs |= {SNAPSHOTS: 1} if CLUSTERS in needs else {}
    names = {row.key: row.name for row in environment.stacks}
    document = {
        "version": version,
        "claims_region": environment.region,
        "environment": environment.name,
        "tags": {**environment.tags, **owner},
        "parameters": {name: list(_items(value, names)) for name, value in fleet.defaults.items()},
        "declared": [row.name for row in template.parameters],
        "needs": needs,
    }
    data = json.dumps(document, indent=1, sort_keys=True).encode()
    key = f"{path}{sha256(data).hexdigest()[:DIGITS]}.json"
    parameters = {
        "FleetName": fleet.name,
        "FleetRegions": ",".join(fleet.regions),
        "FleetKey": key,
        "MaxClientsPerRegion": str(fleet.max_clients_per_region),
    }
    return ApiFiles(parameters, {f"{path}{version}.yaml": text.encode(), key: data})


def _items(value: ParameterValue, names: Mapping[str, str]) -> Iterator[str | dict[str, str]]:
    """The parts of a value: texts, and the outputs that the function reads in the region of the client."""
    if isinstance(value, ListRef):
        for item in value.items:
            yield from _items(item, names)
    elif isinstance(value, OutputRef):
        yield {"stack": names[value.stack], "output": value.output}
    elif isinstance(value, StackRef):
        yield names[value.stack]
    else:
        assert isinstance(value, str)
        yield value
