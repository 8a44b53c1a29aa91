"""Taking existing resources into a stack: an IMPORT change set, shown, approved and executed like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aurora_cfn.deploy.adoption import Adopted, import_template
from aurora_cfn.deploy.deployment import carry_out, recorded
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.orphans import makes, others
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.model.change import Change
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.maker import marked
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from aurora_cfn.yamltext import write_template

HEADER = (
    "Written by `aurora-cfn import` to match what exists; the next deployment brings in the template of the project."
)


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be imported, with the template that matches it."""

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


def take_in(engine: Engine, desired: DesiredStack, one: Import) -> StackResult:
    """What came of it; parameters, tags and protection of a stack that exists stay as they are.

    Expected errors are in the result.
    """
    return recorded(engine, desired, lambda: _taken_in(engine, desired, one))


def _taken_in(engine: Engine, desired: DesiredStack, one: Import) -> StackResult:
    before = engine.cloudformation.stack(desired.name)
    refuse_unready(engine, desired, before)
    stack = before if one.about.exists else None
    desired = replace(desired, template=one.template, capabilities=capabilities(one.template))
    if stack is not None:
        desired = replace(desired, tags=stack.tags, protect=stack.protected, notification_arns=stack.notification_arns)
    since = engine.cloudformation.newest_event(stack.arn) if stack else None
    beside = others(engine, desired, before)
    made = makes(before, beside)
    change_set = requested(engine, desired, _request(engine, desired, one), made_stack=made)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=before)
    parameters = stack.parameters if stack else {}
    return carry_out(engine, StackPlan(desired, parameters, before, change_set, since, made, beside.notes))


def _request(engine: Engine, desired: DesiredStack, one: Import) -> ChangeSetRequest:
    stack = one.about.stack
    return ChangeSetRequest(
        stack_name=desired.name,
        name=engine.token,
        type="IMPORT",
        template=one.template,
        previous_parameters=tuple(stack.parameters) if stack else (),
        tags=desired.tags,
        capabilities=desired.capabilities,
        role_arn=desired.role_arn,
        notification_arns=desired.notification_arns,
        token=f"{engine.token}-{desired.key}"[:128],
        description=marked(f"aurora-cfn import --env {engine.environment}", engine.mark),
        imports=tuple(row.imported for row in one.rows),
    )
