"""The section `fleet.accounts` of a params file: as a value, and what is wrong in it beside the shapes of its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from aurora_cfn.environment.keys import ENVIRONMENT_PARAMETER
from aurora_cfn.environment.relations import Scope, combinations
from aurora_cfn.environment.shapes import mapping_of
from aurora_cfn.environment.values import to_text
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, OutputRef, flat
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.stack_set import Preferences
from aurora_cfn.model.value import Path, Value, member
from aurora_cfn.template.summary import TemplateSummary
from aurora_cfn.yamltext import Document

PLACE: Final = ("fleet", "accounts")
CLIENT_PARAMETER, CLUSTER_PARAMETER = "ClientName", "ClusterName"
"""Parameters that get the name of the client, and of the fleet, when the template has them and no value is given."""
SERVICE_ONLY = ("auto_deployment", "retain_on_removal", "call_as")
SELF_ONLY = ("administration_role_arn", "execution_role")


def read_accounts(document: Document) -> FleetAccounts | None:
    """The section of a document without faults; None without one."""
    section = member(document.value, *PLACE)
    if not isinstance(section, Mapping):
        return None
    fleet = mapping_of(member(document.value, "fleet"))
    regions = _texts(fleet.get("regions"))
    operation = mapping_of(section.get("operation"))
    named: dict[str, str] = {
        field: str(section[key])
        for key, field in {"administration_role_arn": "administration_role", "execution_role": "execution_role"}.items()
        if key in section
    }
    return FleetAccounts(
        clients=tuple(
            _client(document, name, row, regions) for name, row in mapping_of(section.get("clients")).items()
        ),
        permissions="service-managed" if section.get("permissions") == "service-managed" else "self-managed",
        call_as="delegated-admin" if section.get("call_as") == "delegated-admin" else "self",
        automatic=bool(section.get("auto_deployment", False)),
        retain_on_removal=bool(section.get("retain_on_removal", True)),
        preferences=Preferences(
            tolerate=str(operation.get("failure_tolerance", "0")),
            concurrency=str(operation.get("concurrency", "1")),
            region_order=_texts(operation.get("region_order")) or regions,
            parallel_regions=bool(operation.get("parallel_regions", False)),
            soft=operation.get("mode") == "soft",
        ),
        **named,
    )


def _client(document: Document, name: str, row: Value, regions: tuple[str, ...]) -> AccountClient:
    fields = mapping_of(row)
    return AccountClient(
        name=name,
        regions=_texts(fields.get("regions")) or regions,
        account=str(fields.get("account", "")),
        unit=str(fields.get("organizational_unit", "")),
        excluded=_texts(fields.get("except")),
        parameters={
            key: to_text(text)
            for key, text in mapping_of(fields.get("parameters")).items()
            if not isinstance(text, Mapping)
        },
        line=document.line((*PLACE, "clients", name)),
    )


def accounts_complaints(document: Document, draft: EnvironmentStack, scope: Scope) -> Iterator[Complaint]:
    """What does not go together in a section whose keys have the right shapes."""
    section, accounts = member(document.value, *PLACE), read_accounts(document)
    if not isinstance(section, Mapping) or accounts is None:
        return

    def complaint(path: Path, what: str, hint: str) -> Complaint:
        whole = (*PLACE, *path)
        return Complaint(what, scope.path, document.line(whole), ".".join(map(str, whole)), hint)

    regions = _texts(mapping_of(member(document.value, "fleet")).get("regions"))
    found = [*_wrong_keys(section, accounts, regions)]
    taken: dict[tuple[str, str], str] = {}
    for client in accounts.clients:
        place, by_service = ("clients", client.name), accounts.permissions == "service-managed"
        wrong = [*_wrong_place(client, regions, taken, by_service=by_service)]
        wrong += [(path, what, "") for path, what in _wrong_values(client, draft, scope, section)]
        found += [((*place, *path), what, hint) for path, what, hint in wrong]
    yield from (complaint(*row) for row in found)
    for name, value in draft.parameters.items():
        if any(isinstance(item, OutputRef) for item in flat([value])):
            what = "an output is of this account, and the stacks are in those of the clients"
            line = draft.lines.get(name, draft.line)
            yield Complaint(what, scope.path, line, f"fleet.defaults.{name}", "write the value, or {stack: ...}")


def _wrong_keys(
    section: Mapping[str, Value], accounts: FleetAccounts, regions: Sequence[str]
) -> Iterator[tuple[Path, str, str]]:
    """Path, what and hint for keys of the other permissions, and for unknown regions in the order."""
    by_service = accounts.permissions == "service-managed"
    other = "self-managed" if by_service else "service-managed"
    for key in SELF_ONLY if by_service else SERVICE_ONLY:
        if key in section:
            yield (key,), f"it is for {other} permissions alone", f"write permissions: {other}"
    for number, region in enumerate(_texts(mapping_of(section.get("operation")).get("region_order"))):
        if region not in regions:
            yield ("operation", "region_order", number), f"{region} is not one of the fleet's regions", ""


def _wrong_place(
    client: AccountClient, regions: Sequence[str], taken: dict[tuple[str, str], str], *, by_service: bool
) -> Iterator[tuple[Path, str, str]]:
    """Path, what and hint for an account or unit that is missing or not for these permissions, or taken."""
    if by_service and not client.unit:
        yield (), "the key organizational_unit is missing", "StackSets reaches accounts through their units"
    elif not by_service and client.unit:
        yield ("organizational_unit",), "it is for service-managed permissions alone", "write the account"
    elif not by_service and not client.account:
        yield (), "the key account is missing", "the twelve digits of its id"
    if client.excluded and (client.account or not client.unit):
        yield ("except",), "accounts are left out of a whole unit alone", "leave out `account`, or `except`"
    for number, region in enumerate(client.regions):
        if region not in regions:
            yield ("regions", number), f"{region} is not one of the fleet's regions", f"they are {', '.join(regions)}"
        who = client.account or client.unit
        # A StackSet has at most one stack in an account and region.
        other = taken.setdefault((who, region), client.name) if who else client.name
        if other != client.name:
            yield ("account" if client.account else "organizational_unit",), f"{who} is that of {other} in {region}", ""
            return


def _wrong_values(
    client: AccountClient, draft: EnvironmentStack, scope: Scope, section: Mapping[str, Value]
) -> Iterator[tuple[Path, str]]:
    """Parameters without any value, and values that do not go together or cannot be read again."""
    template = scope.summary(draft)
    if template is None:
        return
    written = mapping_of(mapping_of(mapping_of(section.get("clients")).get(client.name)).get("parameters"))
    for name, value in written.items():
        row = template.parameter(name)
        if name == CLIENT_PARAMETER:
            yield ("parameters", name), "it is made of the client's name"
        elif isinstance(value, Mapping):
            yield ("parameters", name), "a client's own value is written out; defaults may be references"
        elif row and row.no_echo:
            # StackSets never shows its value again, so that a change could not be seen.
            yield ("parameters", name), "a secret (NoEcho) cannot be given for one client"
    made = filled_in(template, draft.name, "")
    missing = [
        row.name
        for row in template.parameters
        if row.default is None and row.name not in {*draft.lines, *written, *made, CLIENT_PARAMETER}
    ]
    if missing:
        yield (), f"the template {template.name} needs {', '.join(missing)}: here or under fleet.defaults"
    whole = replace(draft, parameters={**draft.parameters, **client.parameters})
    for check, found in combinations(whole, scope):
        # Those of the defaults alone are a complaint of their own.
        if check.severity == "error" and client.parameters and set(check.keys) & set(client.parameters):
            yield ("parameters",), found.what


def filled_in(template: TemplateSummary, fleet: str, environment: str) -> dict[str, str]:
    """Values of parameters that the file need not set, for all clients; each has the cluster for itself."""
    made = {ENVIRONMENT_PARAMETER: environment, CLUSTER_PARAMETER: fleet}
    return {name: text for name, text in made.items() if template.parameter(name)}


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
