"""`adopt`: the files that describe a running stack are written, and nothing in AWS is touched."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import replace
from pathlib import Path

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.target import Target, project_templates, read_target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.adopt import Adoption, adoption, with_entry
from aurora_cfn.deploy.stack_status import ROLLED_BACK_CREATION
from aurora_cfn.environment import load
from aurora_cfn.environment.values import STACK_KEY, STACK_KEY_RULE
from aurora_cfn.errors import BusyError, Complaint, GuardError, InputError
from aurora_cfn.model.environment import Environment
from aurora_cfn.model.ownership import ownership_of
from aurora_cfn.model.stack import Stack, stack_name_of
from aurora_cfn.model.value import Value
from aurora_cfn.project.files import environment_files, read_text, write_text
from aurora_cfn.yamltext import write_plain


def target_of(name: str, options: AwsOptions) -> Target:
    """The environment of that name, which may have no stacks yet, and no params file in the region of `--region`.

    Raises InputError for a file with faults, and where there is neither a file nor a region.
    """
    path, example = environment_files(name)
    there = path.exists() or example.exists()
    if there or options.region is None or path.with_suffix(".yml").exists():
        try:
            return read_target(name, options, without_stacks=True)
        except InputError as error:
            if there or path.with_suffix(".yml").exists():
                raise
            near = error.complaints[0].hint.partition("did you mean ")[2]
            new = "a new file is made with --region REGION, that of the stack"
            hint = f"did you mean {near} {new}" if near else new
            raise InputError((Complaint("there is no such environment", str(path), hint=hint),)) from error
    return Target(Environment(name, str(path), options.region, ()), project_templates(), options)


def adopt(place: Target, stack_name: str, key: str) -> None:
    """Write the template and the entry. Raises InputError, AwsError, GuardError before anything is written."""
    environment = place.environment
    checked_account(place)
    _refuse_known(place, stack_name, key)
    cloudformation = AwsCloudFormation(place.session)
    stack = cloudformation.stack(stack_name)
    if stack is None or not stack.exists:
        raise InputError(f"there is no stack {stack_name} in {environment.region}")
    _refuse_other(stack, place)
    _refuse_state(stack)
    path = Path(environment.path)
    new = not path.exists()
    if new:
        # A new file says of all its stacks what is right for this one.
        topics = tuple(stack.notification_arns)
        environment = replace(environment, role_arn=stack.role_arn or None, notification_arns=topics)
    template, policy = cloudformation.template(stack.arn), cloudformation.stack_policy(stack.arn)
    found = adoption(stack, template, policy, key, environment)
    _refuse_other_template(place, key, found)
    text = with_entry(_new_file(stack) if new else read_text(path), found.entry)
    if text is None:
        what = "nothing was written: its stacks are not on lines of their own below `stacks:`"
        hint = "write them so and run this again, or add the lines above"
        info(f"stacks:\n{found.entry.rstrip()}")
        raise InputError((Complaint(what, environment.path, hint=hint),))
    _refuse_unreadable(text, found, place)
    write_text(Path(found.summary.path), found.template)
    write_text(path, text)
    info(f"{stack.name} is described by {found.summary.path} and {environment.path}")
    for note in found.notes:
        info(note, "warning")
    options = place.options.spelled
    info(f"next: aurora-cfn diff --env {environment.name}{options} --stack {key}")
    if ownership_of(stack.tags) is None:
        command = f"aurora-cfn deploy --env {environment.name}{options} --stack {key} --take-over {stack.name}"
        info(f"the first deployment tags the stack as one of this project: {command}")


def _new_file(stack: Stack) -> str:
    """A params file for the region and the account of the stack, without stacks yet."""
    values: dict[str, Value] = {"region": stack.region, "account": stack.account}
    if stack.role_arn:
        values["role_arn"] = stack.role_arn
    if stack.notification_arns:
        values["notification_arns"] = list(stack.notification_arns)
    return f"{write_plain(values)}stacks:\n"


def _refuse_unreadable(text: str, found: Adoption, place: Target) -> None:
    """Raise InputError where the file would be wrong with the entry, before it is written."""
    environment = place.environment
    try:
        known = ChainMap({found.summary.name: found.summary}, place.templates)  # type: ignore[arg-type] # only read
        load(text, environment.path, environment.name, known)
    except InputError as error:
        info(f"stacks:\n{found.entry.rstrip()}")
        what = "nothing was written: with the lines above it would have these faults"
        raise InputError((Complaint(what, environment.path), *error.complaints)) from error


def _refuse_known(place: Target, stack_name: str, key: str) -> None:
    """Raise InputError where the file has the stack or the key already, or does not take the key."""
    environment = place.environment
    if not re.fullmatch(STACK_KEY, key):
        raise InputError(f"{key or 'an empty name'} is no key of a stack: give --key, {STACK_KEY_RULE}")
    complaints = [
        Complaint(f"{row.name} is there already", environment.path, row.line, f"stacks.{row.key}", "give another --key")
        for row in environment.stacks
        if row.key == key or row.name == stack_name
    ]
    if complaints:
        raise InputError(complaints)


def _refuse_other_template(place: Target, key: str, found: Adoption) -> None:
    """Raise InputError for another template of that name; its own is what an interrupted run has written."""
    path = Path(found.summary.path)
    if key in place.templates and not (path.is_file() and read_text(path) == found.template):
        what = "there is another template of that name"
        raise InputError((Complaint(what, str(place.templates.path(key)), hint="give another --key"),))


def _refuse_state(stack: Stack) -> None:
    """Raise InputError, BusyError for a stack that its files would not describe."""
    if stack.busy:
        raise BusyError(f"{stack.name} is in {stack.status}: adopt it when that has ended")
    if stack.status == ROLLED_BACK_CREATION:
        raise InputError(f"the creation of {stack.name} failed, and nothing is left of it: there is nothing to adopt")
    if stack.parent:
        raise InputError(f"{stack.name} is nested in {stack_name_of(stack.parent)}: adopt that one, which changes both")


def _refuse_other(stack: Stack, place: Target) -> None:
    """Raise GuardError for a stack that another project or environment deploys."""
    found = ownership_of(stack.tags)
    if found is not None and found != place.owner:
        raise GuardError(f"{stack.name} belongs to {found}, which deploys it: nothing was written")
