"""What the function of the template databases-api reads: the template of the clients, and what a params file says.

Both go into the bucket of the code under keys that name their contents, so a client keeps the version that it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from aurora_cfn.deploy.preflight.quotas import SNAPSHOTS
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.fleet.client_entry import DIGITS, version_of
from aurora_cfn.fleet.room import CLUSTERS, needs_of
from aurora_cfn.handlers.fleet_names import files_path
from aurora_cfn.model.environment import (
    Environment,
    EnvironmentStack,
    EnvRef,
    Fleet,
    ListRef,
    OutputRef,
    ParameterValue,
    SsmRef,
    StackRef,
)
from aurora_cfn.model.value import Value
from aurora_cfn.template.local_paths import local_paths
from aurora_cfn.template.summary import TemplateSummary

HANDLER = "databases_api"
"""The handler of the template's function."""
CLIENT_ROLE = "ClientRoleArn"
ALLOWED = (
    "AWS::EC2::SecurityGroup",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
)
"""Types that the role which the template makes allows; rules of security groups begin as their groups do."""
KEPT = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
DATABASES = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})


@dataclass(frozen=True, slots=True)
class ApiFiles:
    """The parameters of the API's stack, and the files by their keys in the bucket."""

    parameters: Mapping[str, str]
    files: Mapping[str, bytes]


def is_api(template: TemplateSummary) -> bool:
    """Whether the stack of the template is a databases API."""
    return HANDLER in template.code


def api_files(
    environment: Environment, stack: EnvironmentStack, template: TemplateSummary, text: str, owner: Mapping[str, str]
) -> ApiFiles:
    """The files of the API for clients of that template with that text; `owner` are the tags of ownership.

    Raises InputError with every complaint.
    """
    fleet = environment.fleet
    if fleet is None:
        what = "the template databases-api needs the section `fleet`"
        raise InputError([Complaint(what, environment.path, stack.line, f"stacks.{stack.key}", "see docs/fleet.md")])
    if fleet.pool or fleet.accounts:
        what = "the template databases-api makes a stack for each client, and this fleet has a pool or accounts"
        raise InputError(
            [Complaint(what, environment.path, stack.line, f"stacks.{stack.key}", "use `clients`, `fleet`")]
        )
    complaints = [*_complaints(environment, fleet, template), *_template_complaints(environment, stack, template)]
    if complaints:
        raise InputError(complaints)
    version, path = version_of(fleet, text), files_path(fleet.name)
    needs = dict(needs_of(template.template))
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


def _complaints(environment: Environment, fleet: Fleet, template: TemplateSummary) -> Iterator[Complaint]:
    """Defaults that the function could not know, or should not."""
    for name, value in fleet.defaults.items():
        row, line = template.parameter(name), fleet.lines.get(name, fleet.line)
        what = ""
        if isinstance(value, SsmRef | EnvRef):
            what = "{ssm:} and {env:} are not known to databases-api, whose function makes the stacks of clients"
        elif row is not None and row.no_echo:
            what = "a secret (NoEcho) would be readable in the bucket, where databases-api has the defaults"
        if what:
            yield Complaint(what, environment.path, line, f"fleet.defaults.{name}", "write the value, or use {output:}")


def _template_complaints(
    environment: Environment, stack: EnvironmentStack, template: TemplateSummary
) -> Iterator[Complaint]:
    """What the API cannot create or must not delete."""

    def complaint(what: str, hint: str = "") -> Complaint:
        return Complaint(what, environment.path, stack.line, f"stacks.{stack.key}", hint)

    if template.code or local_paths(template.template):
        what = f"clients of the template {template.name} need uploaded files, which databases-api does not make"
        yield complaint(what, "`aurora-cfn clients create` makes them")
    for name, kind, row in _unconditional(template):
        if CLIENT_ROLE not in stack.parameters and not kind.startswith(ALLOWED):
            what = f"the role that databases-api makes does not allow {kind} ({name} of the template {template.name})"
            yield complaint(what, f"set {CLIENT_ROLE}: `aurora-cfn permissions deploy --role` prints its policy")
        properties = row.get("Properties")
        alone = not (isinstance(properties, Mapping) and "DBClusterIdentifier" in properties)
        holds_data = kind == "AWS::RDS::DBCluster" or (kind in DATABASES and alone)
        if holds_data and row.get("DeletionPolicy") not in KEPT:
            what = f"{name} of the template {template.name} would be deleted with its data"
            yield complaint(what, "write DeletionPolicy: Snapshot")


def _unconditional(template: TemplateSummary) -> Iterator[tuple[str, str, Mapping[str, Value]]]:
    """Logical id, type and entry of the resources that every stack of the template has."""
    resources = template.template.get("Resources")
    for name, row in resources.items() if isinstance(resources, Mapping) else ():
        if isinstance(row, Mapping) and "Condition" not in row:
            yield str(name), str(row.get("Type")), row
