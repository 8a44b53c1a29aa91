"""`adopt`: the files that describe a running stack are written, and nothing in AWS is touched."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from pathlib import Path

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.orphans import owner
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.target import Target, project_templates, read_target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.adopt import Adoption, adoption, with_entry
from aurora_cfn.environment import load
from aurora_cfn.errors import Complaint, GuardError, InputError
from aurora_cfn.model.environment import Environment
from aurora_cfn.model.ownership import ownership_of
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value
from aurora_cfn.project.files import environment_files, read_text, write_text
from aurora_cfn.yamltext import write_plain


def target_of(name: str, options: AwsOptions) -> Target:
    """The environment of that name; one without stacks where there is no params file yet, in the region of `--region`.

    Raises InputError for a file with faults, and where there is neither a file nor a region.
    """
    path, example = environment_files(name)
    if path.exists() or example.exists() or options.region is None:
        return read_target(name, options)
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
    path = Path(environment.path)
    new = not path.exists()
    if new:
        # A new file says of all its stacks what is right for this one.
        topics = tuple(stack.notification_arns)
        environment = replace(environment, role_arn=stack.role_arn or None, notification_arns=topics)
    template, policy = cloudformation.template(stack.arn), cloudformation.stack_policy(stack.arn)
    found = adoption(stack, template, policy, key, environment)
    text = with_entry(_new_file(stack) if new else read_text(path), found.entry)
    if text is None:
        what = "has no block `stacks:` of its own lines; write this into it"
        raise InputError((Complaint(f"{what}:\n{found.entry.rstrip()}", environment.path),))
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
        entry = f"nothing was written; the entry would be:\n{found.entry.rstrip()}"
        raise InputError((*error.complaints, Complaint(entry, environment.path))) from error


def _refuse_known(place: Target, stack_name: str, key: str) -> None:
    """Raise InputError where the file has the stack or the key already, or the template's name is taken."""
    environment = place.environment
    complaints = [
        Complaint(f"{row.name} is there already", environment.path, row.line, f"stacks.{row.key}", "give another --key")
        for row in environment.stacks
        if row.key == key or row.name == stack_name
    ]
    if key in place.templates:
        complaints.append(Complaint("there is a template of that name", str(place.templates.path(key)), hint="--key"))
    if complaints:
        raise InputError(complaints)


def _refuse_other(stack: Stack, place: Target) -> None:
    """Raise GuardError for a stack that another project or environment deploys."""
    found = ownership_of(stack.tags)
    if found is not None and found != owner(place):
        raise GuardError(f"{stack.name} belongs to {found}, which deploys it: nothing was written")
