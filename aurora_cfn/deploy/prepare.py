"""A change set for a desired stack, to be approved; and its deletion when it is declined.

Where CloudFormation's early validation rejects the template, every failure is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aurora_cfn.deploy import ownership
from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.failure import failed, hint, still_there
from aurora_cfn.deploy.large_template import handed_over
from aurora_cfn.deploy.leftover_change_sets import makes, others
from aurora_cfn.deploy.stack_status import Status, stack_status
from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.deploy.write_calls import overtaken
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, CreatedChangeSet, ValidationFailure
from aurora_cfn.model.ownership import with_suffix
from aurora_cfn.model.plan import DesiredStack, StackPlan
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Path
from aurora_cfn.yamltext import read_template


def early_failure(desired: DesiredStack, change_set: ChangeSet, failures: Sequence[ValidationFailure]) -> str:
    """Why the change set was rejected: a line for each failure of early validation, else the change set's reason."""
    reason = " ".join(change_set.reason.split()) or "CloudFormation gave no reason"
    # Validations of the mode WARN reject nothing.
    found = [failure for failure in failures if failure.mode != "WARN"]
    if not found:
        what = hint(reason)
        return f"{desired.name}: the change set was rejected: {reason}" + (f" ({what})" if what else "")
    document = read_template(desired.template, desired.entry.template)
    lines = [f"{desired.name}: CloudFormation rejected the template before touching anything:"]
    for failure in found:
        place = document.line(template_path(failure))
        reason = " ".join(failure.reason.split())
        what = hint(reason)
        lines.append(f"  {desired.entry.template_file}:{place}: {failure.path}: {reason}")
        lines += [f"    what to do: {what}"] if what else []
    return "\n".join(lines)


def template_path(failure: ValidationFailure) -> Path:
    """The path in the template, as keys and list positions."""
    # Paths are written as JSON pointers (`/Resources/X`) by some validations and with dots by others.
    parts = [part for part in re.split(r"[/.]", failure.path) if part]
    # Some failures give a path below the resource, or one without the section.
    if parts and parts[0] not in {"Resources", "Parameters", "Outputs", "Conditions", "Mappings", "Rules"}:
        parts = ["Resources", failure.logical_id or parts[0], *parts[bool(not failure.logical_id) :]]
    return tuple(int(part) if part.isdigit() else part for part in parts)


def prepare(context: Context, desired: DesiredStack, parameters: Mapping[str, str], before: Stack | None) -> StackPlan:
    """The plan, with the finished change set, or without one when nothing would change.

    Raises BusyError while another operation runs, DeployError when the stack has to be repaired first or when
    CloudFormation rejects the change set, and what `context.check` raises. What was created is deleted again then.
    """
    refuse_unready(context, desired, before)
    new = before is None or not before.exists
    if not new:
        context.check(StackPlan(desired, parameters, before))
    # Read before the change set exists: events after this one belong to its execution, without any clock.
    since = None if new or before is None else context.cloudformation.newest_event(before.arn)
    beside = others(context, desired, before)
    made = makes(before, beside)
    plan = StackPlan(desired, parameters, before, None, since, made, beside.notes, killed=beside.killed)
    change_set = requested(context, desired, _request(context, desired, parameters, before), made_stack=made)
    return replace(plan, change_set=change_set)


def requested(
    context: Context, desired: DesiredStack, request: ChangeSetRequest, *, made_stack: bool
) -> ChangeSet | None:
    """The finished change set, None when nothing would change; `made_stack` says that the stack was not there before.

    A template that is too large for a call is uploaded. Raises DeployError when CloudFormation rejects the change set,
    and what `handed_over` raises. What was created is deleted again then, except an uploaded template.
    """
    request = handed_over(context, desired, request)
    with overtaken(context, desired, "before its change set could be made"):
        created = context.cloudformation.create_change_set(request)
    try:
        change_set = _finished(context, created)
        if change_set.failed and not change_set.empty:
            raise DeployError(early_failure(desired, change_set, _found_early(context, desired, change_set)))
    except BaseException:
        _discard(context, desired.key, created, made_stack=made_stack)
        raise
    # A change set without changes ends as FAILED, with a reason of its own, and stays until it is deleted.
    if change_set.empty:
        _discard(context, desired.key, created, made_stack=made_stack)
        return None
    return change_set


def _found_early(context: Context, desired: DesiredStack, change_set: ChangeSet) -> Sequence[ValidationFailure]:
    """The failures of early validation; none, with a warning, where they cannot be read: the rejection counts more."""
    try:
        return context.cloudformation.validation_failures(change_set.arn)
    except AwsError as error:
        context.listener.warn(desired.key, f"where in the template it is wrong cannot be read: {error}")
        return ()


def discard(context: Context, plan: StackPlan) -> None:
    """Delete our change set, and the empty stack around it when we created it and it has no other change set."""
    if plan.change_set is not None:
        created = CreatedChangeSet(plan.change_set.arn, plan.change_set.stack_arn)
        _discard(context, plan.desired.key, created, made_stack=plan.made_stack)


def refuse_unready(context: Context, desired: DesiredStack, stack: Stack | None) -> Status:
    """The row of the stack's status. Raises BusyError or DeployError, with what to do, if it allows no change set."""
    found = stack_status(stack)
    if stack is None or found.move in {"create", "update", "recreate"}:
        return found
    text = found.text.format(where=context.env_option, key=desired.key)
    message = f"{stack.name} is in {stack.status}: {text}"
    if found.move == "wait":
        raise BusyError(message)
    raise failed(stack.status, f"{message}{still_there(context, stack)}")


def _request(
    context: Context, desired: DesiredStack, parameters: Mapping[str, str], before: Stack | None
) -> ChangeSetRequest:
    new = before is None or not before.exists
    return ChangeSetRequest(
        stack_name=desired.name,
        name=context.token,
        type="CREATE" if new else "UPDATE",
        template=desired.template,
        parameters=parameters,
        tags=ownership.tags(context, desired, parameters, before),
        capabilities=desired.capabilities,
        role_arn=desired.role_arn,
        notification_arns=desired.notification_arns,
        token=context.token_of(desired.key),
        description=with_suffix(
            f"aurora-cfn deploy --env {context.environment.name} {context.run.origin}", context.run.owner
        ),
        express=context.choices.express,
        # OnStackFailure is for creations (API reference, CreateChangeSet); an update is rolled back.
        on_failure=context.choices.on_failure if new else "",
        disable_rollback=context.choices.disable_rollback,
    )


def _finished(context: Context, created: CreatedChangeSet) -> ChangeSet:
    pace = Pace()
    while True:
        change_set = context.cloudformation.change_set(created.arn)
        if not change_set.pending:
            return change_set
        # Nothing was executed, so stopping here is safe; `requested` deletes the change set.
        if context.stopping():
            raise BusyError("stopped before anything was changed")
        context.clock.sleep(pace.after(news=False))


def _discard(context: Context, key: str, created: CreatedChangeSet, *, made_stack: bool) -> None:
    """Delete what was created; a refusal becomes a warning, so that it does not hide the error before it."""
    cloudformation = context.cloudformation
    try:
        cloudformation.delete_change_set(created.arn)
        # CreateChangeSet makes an empty stack in REVIEW_IN_PROGRESS, which would keep its name taken.
        if made_stack and is_empty_shell(context, created.stack_arn):
            delete_shell(context, created.stack_arn)
    except AwsError as error:
        context.listener.warn(key, f"could not delete the change set {created.arn}: {error}")


def delete_shell(context: Context, stack_arn: str) -> None:
    """Delete a stack that was never created; it has no resources, so the deletion is not watched."""
    role = context.environment.role_arn
    context.cloudformation.delete_stack(stack_arn, token=f"{context.token}-shell", role_arn=role)


def is_empty_shell(context: Context, stack_arn: str) -> bool:
    """Whether the stack was never created, and has no change set."""
    stack = context.cloudformation.stack(stack_arn)
    return stack is not None and stack.in_review and not context.cloudformation.change_sets(stack_arn)
