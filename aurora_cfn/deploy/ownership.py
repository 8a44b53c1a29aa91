"""The owner of a stack: by its tags, or for a stack of an older version of this tool by its last change set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import DENIED, NO_CHANGE_SET, GuardError, InputError, suppress_codes
from aurora_cfn.model.database_copy import HOLDS
from aurora_cfn.model.ownership import ENVIRONMENT, PROJECT, Ownership, ownership_of, without_ownership
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import NO_ECHO, Stack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.yamltext import read_template

OPTION = "--take-over"
Claim: TypeAlias = Literal["new", "ours", "untagged", "taken over"]
"""`untagged`: this tool deployed it for this environment before it tagged its stacks."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The owner that a command works for, and the full names of the stacks that it takes over from other owners."""

    cloudformation: CloudFormation
    owner: Ownership
    take_over: tuple[str, ...] = ()
    command: str = "deploy"

    def of(self, stack: Stack | None) -> Claim:
        """What the stack is to the owner. Raises GuardError for a stack of another owner that is not taken over."""
        if stack is None or not stack.exists:
            return "new"
        found = ownership_of(stack.tags)
        if not self.owner.project or found == self.owner:
            return "ours"
        if stack.name in self.take_over:
            return "taken over"
        if found is None and self._deployed_here(stack):
            return "untagged"
        raise GuardError(refusal(stack, found, self.owner, self.command))

    def _deployed_here(self, stack: Stack) -> bool:
        """Whether the change set that was executed last says that this tool made it for this environment."""
        if not stack.change_set_arn:
            return False
        with suppress_codes(DENIED, NO_CHANGE_SET):
            words = self.cloudformation.change_set(stack.change_set_arn).description.split()
            # `aurora-cfn deploy --env dev at COMMIT by ARN`: the description that `deploy.prepare` gives a change set.
            return words[:1] == ["aurora-cfn"] and words[2:4] == ["--env", self.owner.environment]
        return False


def refusal(stack: Stack, found: Ownership | None, owner: Ownership, command: str) -> str:
    """Why the stack is left alone, and what to do."""
    if found is None:
        whose = "has no tag of a project, and this tool did not deploy it for this environment"
    else:
        whose = f"belongs to another owner ({found})"
    # The same environment under another project: perhaps the project was renamed, as after a move of the repository.
    renamed = found is not None and found.environment == owner.environment
    hint = f", or write `project: {found.project}` if that is this project" if found and renamed else ""
    remedy = f"`aurora-cfn {command} --env {owner.environment} {OPTION} {stack.name}` works on it anyway"
    return f"{stack.name} {whose}; here it is {owner}. Nothing was changed: {remedy}{hint}"


def owner_of_run(context: Context) -> Ownership:
    """The owner of the stacks that the run deploys."""
    return Ownership(context.environment.project, context.environment.name)


def claim(context: Context, key: str, stack: Stack | None, command: str = "deploy") -> Claim:
    """As `Claims.of`; says when a stack of an older version, or of others, becomes one of this project."""
    owner = owner_of_run(context)
    found = Claims(context.cloudformation, owner, context.choices.take_over, command).of(stack)
    if stack is not None and found == "untagged":
        what = "was deployed before stacks were tagged; its next change also adds the tags"
        context.listener.step(key, f"{stack.name} {what} {PROJECT} and {ENVIRONMENT}")
    elif stack is not None and found == "taken over":
        context.listener.step(key, f"{stack.name} is taken over: from now on it is {owner}")
    return found


def tags(
    context: Context, desired: DesiredStack, parameters: Mapping[str, str], before: Stack | None
) -> dict[str, str]:
    """The tags of the change set: those of the params file, and those that name the owner.

    A stack without these that would not change otherwise stays without them, so that an upgrade of this tool changes
    no stack: CloudFormation passes new tags on to every resource.
    """
    plain = dict(desired.tags)
    if before is not None and before.exists and ownership_of(before.tags) is None:
        taken = before.name in context.choices.take_over
        if not taken and _same(context.cloudformation, desired, parameters, before):
            return plain
    # A tag of this tool that no file sets: which database the stack holds since a swap.
    kept = {HOLDS: before.tags[HOLDS]} if before is not None and before.exists and HOLDS in before.tags else {}
    return plain | kept | owner_of_run(context).tags


def _same(cloudformation: CloudFormation, desired: DesiredStack, parameters: Mapping[str, str], before: Stack) -> bool:
    """Whether template, parameters and tags are as deployed, as far as AWS shows them."""
    if without_ownership(before.tags) != dict(desired.tags):
        return False
    # Values that AWS masks cannot be compared, and count as equal.
    if any(before.parameters.get(name) not in {value, NO_ECHO} for name, value in parameters.items()):
        return False
    try:
        with suppress_codes(DENIED):
            deployed = cloudformation.template(before.arn)
            return deployed == desired.template or _value(deployed) == _value(desired.template)
    except InputError:
        return False
    return True


def _value(template: str) -> object:
    return read_template(template, "template").value


def refuse_unknown(names: tuple[str, ...], known: Collection[str]) -> None:
    """Raise InputError for names of `--take-over` that no stack of the run has."""
    wrong = [name for name in names if name not in known]
    if wrong:
        raise InputError(f"{OPTION} {', '.join(wrong)}: no stack of this run has that name; it has {', '.join(known)}")
