"""Import existing resources into a stack: check the ones given, and execute an IMPORT change set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import carry_out
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.deploy.leftover_change_sets import makes, others
from aurora_cfn.deploy.ownership import claim, owner_of_run
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.deploy.stack_result import as_recorded
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.change import Change
from aurora_cfn.model.change_set import ChangeSetRequest, ImportedResource
from aurora_cfn.model.ownership import with_suffix
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.value import Value
from aurora_cfn.ports import Actuals
from aurora_cfn.review.changes import changes
from aurora_cfn.template.mentions import lone_ref
from aurora_cfn.template.resource_schema import ResourceSchema, primary_identifier, schema
from aurora_cfn.template.resources import Resource
from aurora_cfn.template.side import Side
from aurora_cfn.yamltext import read_template, write_template

SEPARATOR = "|"
"""Between the parts of an identifier that has several (Cloud Control API User Guide, read 2026-11)."""
RETAIN = "Retain"


@dataclass(frozen=True, slots=True)
class Adopted:
    """One existing resource with its properties in AWS."""

    resource: Resource
    identifier: Mapping[str, str]
    actual: Mapping[str, Value]

    @property
    def imported(self) -> ImportedResource:
        """The entry for ResourcesToImport of the change set."""
        return ImportedResource(self.resource.logical_id, self.resource.type, self.identifier)

    def entry(self, names_of: Mapping[str, str]) -> dict[str, Value]:
        """Its entry in the template: the properties that the wanted template sets, with the real values.

        A `Ref` that gives the real value stays; `names_of` has the physical ids of what is imported.
        CloudFormation refuses an import without DeletionPolicy; it is the wanted template's, or Retain.
        """
        known = schema(self.resource.type)
        names = [name for name in self.resource.properties if name in self.actual]
        # The identifier too, so that the template gives the resource no other name than it has.
        names += [name for name in self.identifier if name in self.actual and name not in names]
        properties = {
            name: wanted
            if _is_ref(wanted := self.resource.properties.get(name), self.actual[name], names_of)
            else _writable(self.actual[name], (name,), known)
            for name in names
        }
        deletion = self.resource.policy("DeletionPolicy") or RETAIN
        replacement = self.resource.policy("UpdateReplacePolicy") or RETAIN
        policies: dict[str, Value] = {"DeletionPolicy": deletion, "UpdateReplacePolicy": replacement}
        return {"Type": self.resource.type, **policies, "Properties": properties}


def adopted(about: Subject, given: Sequence[str], actuals: Actuals) -> list[Adopted]:
    """The resources of the pairs `LogicalId=PhysicalId`. Raises InputError with everything that is wrong with them."""
    complaints: list[Complaint] = []
    found: list[Adopted] = []
    seen: set[str] = set()
    for pair in given:
        logical_id, _, physical = pair.partition("=")
        what = _problem(about, logical_id, physical, seen)
        seen.add(logical_id)
        one = None if what else _looked_up(about.new[logical_id], physical, actuals)
        if one is None:
            what = what or f"there is no {about.new[logical_id].type} {physical} in {about.environment.region}"
            complaints.append(Complaint(what, key=pair))
        else:
            found.append(one)
    if complaints:
        raise InputError(complaints)
    return found


def import_template(deployed: Mapping[str, Value] | None, rows: Sequence[Adopted]) -> dict[str, Value]:
    """The template of the import: the deployed one, unchanged, with the adopted resources added.

    An import may not change anything else, outputs included (User Guide of CloudFormation, read 2026-11).
    """
    base = dict(deployed) if deployed else {"AWSTemplateFormatVersion": "2010-09-09"}
    before = base.get("Resources")
    resources = dict(before) if isinstance(before, Mapping) else {}
    names = {row.resource.logical_id: SEPARATOR.join(row.identifier.values()) for row in rows}
    return {**base, "Resources": resources | {row.resource.logical_id: row.entry(names) for row in rows}}


def _is_ref(wanted: Value, actual: Value, names: Mapping[str, str]) -> bool:
    """Whether the value is a Ref of another imported resource, whose name is the real value."""
    name = lone_ref(wanted)
    return name in names and names[name] == actual


def _problem(about: Subject, logical_id: str, physical: str, seen: set[str]) -> str:
    if not logical_id or not physical:
        return "write LogicalId=PhysicalId, such as DBCluster=my-cluster"
    if logical_id in seen:
        return f"{logical_id} is named twice"
    resource = about.new.get(logical_id)
    if resource is None:
        close = get_close_matches(logical_id, about.new, 1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(about.new))}"
        return f"the template of {about.entry.key} has no resource {logical_id} with these parameters; {hint}"
    if about.physical_id(logical_id):
        return f"{about.name} has {logical_id} already: {about.physical_id(logical_id)}"
    return _type_problem(resource, physical)


def _type_problem(resource: Resource, physical: str) -> str:
    names = primary_identifier(resource.type)
    if not names:
        return f"{resource.type} cannot be imported: it has no public schema with an identifier"
    if len(physical.split(SEPARATOR)) != len(names):
        return f"{resource.type} is identified by {SEPARATOR.join(names)}"
    return ""


def _looked_up(resource: Resource, physical: str, actuals: Actuals) -> Adopted | None:
    actual = actuals.properties(resource.type, physical)
    if actual is None:
        return None
    identifier = dict(zip(primary_identifier(resource.type), physical.split(SEPARATOR), strict=True))
    return Adopted(resource, identifier, actual)


def _writable(value: Value, path: tuple[str, ...], known: ResourceSchema | None) -> Value:
    """The value without its read-only properties, which a template may not set."""
    if not isinstance(value, Mapping):
        return value
    fixed = set(known.read_only) if known else set()
    inner = {key: (*path, key) for key in value if (*path, key) not in fixed}
    return {key: _writable(value[key], below, known) for key, below in inner.items()}


HEADER = (
    "Written by `aurora-cfn import` to match what exists; the next deployment brings in the template of the project."
)


@dataclass(frozen=True, slots=True)
class Import:
    """The resources to import, with the template that matches them."""

    about: Subject
    rows: tuple[Adopted, ...]
    template: str

    def still_to_change(self) -> tuple[Change, ...]:
        """What the next deployment would do to the imported resources, worst first."""
        names = {row.resource.logical_id for row in self.rows}
        resources = {name: entry for name, entry in import_template(None, self.rows).items() if name == "Resources"}
        after = self.about.after
        before = Side(resources, stack=after.stack, region=after.region, account=after.account, tags=after.tags)
        return tuple(row for row in changes(before, after) if row.section == "Resources" and row.logical_id in names)


def planned(about: Subject, rows: Sequence[Adopted]) -> Import:
    """The import, with its template written."""
    deployed = about.before.template if about.exists else None
    return Import(about, tuple(rows), write_template(import_template(deployed, rows), header=HEADER))


@as_recorded
def take_in(context: Context, desired: DesiredStack, one: Import, approve: Approve) -> StackResult:
    """The result of the import; parameters, tags and protection of an existing stack stay as they are."""
    # Read again: `planned` may be minutes old, as the person was asked meanwhile.
    before = context.cloudformation.stack(desired.name)
    claim(context, desired.key, before, "import")
    refuse_unready(context, desired, before)
    stack = before if one.about.exists else None
    desired = replace(
        desired, template=one.template, capabilities=capabilities(read_template(one.template, desired.name).value)
    )
    if stack is not None:
        # An import may not change anything else, so an older stack gets its tags with the next deployment.
        desired = replace(desired, tags=stack.tags, protect=stack.protected, notification_arns=stack.notification_arns)
    else:
        desired = replace(desired, tags={**desired.tags, **owner_of_run(context).tags})
    since = context.cloudformation.newest_event(stack.arn) if stack else None
    beside = others(context, desired, before)
    made = makes(before, beside)
    change_set = requested(context, desired, _request(context, desired, one), made_stack=made)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=before)
    parameters = stack.parameters if stack else {}
    plan = StackPlan(desired, parameters, before, change_set, since, made, beside.notes)
    return carry_out(context, plan, approve)


def _request(context: Context, desired: DesiredStack, one: Import) -> ChangeSetRequest:
    stack = one.about.stack
    return ChangeSetRequest(
        stack_name=desired.name,
        name=context.token,
        type="IMPORT",
        template=one.template,
        # UsePreviousValue for all: an import may change no parameter.
        previous_parameters=tuple(stack.parameters) if stack else (),
        tags=desired.tags,
        capabilities=desired.capabilities,
        role_arn=desired.role_arn,
        notification_arns=desired.notification_arns,
        token=context.token_of(desired.key),
        description=with_suffix(f"aurora-cfn import --env {context.environment.name}", context.run.owner),
        imports=tuple(row.imported for row in one.rows),
    )
