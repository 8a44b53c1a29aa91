"""Physical ids that contain a secret: masked in all output as soon as an event or a resource with one is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aurora_cfn.cli.runs.secret_values import SecretValues
from aurora_cfn.errors import DENIED, VALIDATION, InputError, suppress_codes
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value
from aurora_cfn.ports import CloudFormation
from aurora_cfn.template.mentions import attributes
from aurora_cfn.template.secret_values import (
    fed_parameters,
    is_secret,
    nested_parameters,
    no_echo_defaults,
    secret_names,
    secret_outputs,
    written_ids,
)
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template

if TYPE_CHECKING:
    from aurora_cfn.aws.cloudformation import Listed


@dataclass(frozen=True, slots=True)
class DeployedSecrets:
    """The secret parameters of a deployed stack, with the templates that say where they go.

    `own` is the template of the worktree, `deployed` the one in AWS; each is None where it is not known.
    """

    secrets: frozenset[str] = frozenset()
    own: Mapping[str, Value] | None = None
    deployed: Mapping[str, Value] | None = None

    @property
    def templates(self) -> tuple[Mapping[str, Value], ...]:
        """Those that are known."""
        return tuple(row for row in (self.own, self.deployed) if row is not None)

    def named_by(self, ids: Iterable[str]) -> frozenset[str]:
        """The logical ids among `ids` whose physical ids contain a secret.

        A resource that no known template has counts too, where the deployed one may not be read.
        """
        if not self.secrets:
            return frozenset()
        given = frozenset(ids)
        found = frozenset(name for row in self.templates for name in secret_names(row, self.secrets, given))
        if self.deployed is not None:
            return found
        return found | (given - written_ids(self.own or {}))

    def fills(self, logical_id: str, path: Sequence[str]) -> bool:
        """Whether a secret is in that property, or may be: `path` begins below `Properties`."""
        if not self.secrets:
            return False
        known = any(is_secret(row, self.secrets, logical_id, path) for row in self.templates)
        return known or (self.deployed is None and logical_id not in written_ids(self.own or {}))


class SecretIds:
    """The physical ids of one environment's stacks and their nested stacks. Threads may share it."""

    def __init__(self, secrets: SecretValues) -> None:
        self._secrets = secrets
        self._stacks: dict[str, Stack] = {}
        self._known: dict[str, DeployedSecrets] = {}
        self._given: dict[str, Mapping[str, Value]] = {}
        self._fed: dict[str, frozenset[str]] = {}

    def seen(self, stack: Stack) -> None:
        """Mask the values that the stack is deployed with."""
        self._secrets.hide_deployed(stack)
        self._stacks[stack.name] = self._stacks[stack.arn] = stack

    def listed(self, cloudformation: CloudFormation, stack: str, rows: Sequence[Listed]) -> None:
        """Mask the physical ids of these rows that contain a secret; `stack` is a name or an ARN. Raises AwsError.

        A template is read only where the stack has a secret, or nested stacks to which it may give one.
        """
        inner = [row for row in rows if row.type != STACK_TYPE and row.physical_id]
        below = [row for row in rows if row.type == STACK_TYPE and row.physical_id != _arn(row)]
        if not inner and not below:
            return
        found = self.of(cloudformation, stack, parent=bool(below))
        for row in below:
            self._give(row.physical_id, row.logical_id, found)
        secret = found.named_by({row.logical_id for row in inner})
        ids = {row.physical_id for row in inner if row.logical_id in secret}
        # An ARN ends with the name, which AWS's sentences repeat without the rest.
        self._secrets.hide([part for name in ids for part in (name, re.split("[:/]", name)[-1])])

    def of(self, cloudformation: CloudFormation, name: str, *, parent: bool = False) -> DeployedSecrets:
        """The secrets of a stack or a nested one; with `parent` the template is known also where it has none itself."""
        known = self._known.get(name)
        if known is not None and (known.deployed is not None or not parent):
            return known
        stack = self._stacks.get(name)
        if stack is None or stack.in_review:
            # Commands look at a stack before its events: one that was not there is created now, from the worktree.
            if not parent and self._secrets.has_none(name):
                return DeployedSecrets()
            stack = cloudformation.stack(name)
        if stack is None or stack.in_review:
            return DeployedSecrets()
        secrets = self._parameters(stack)
        deployed = deployed_template(cloudformation, stack) if secrets or parent else None
        self._secrets.hide(no_echo_defaults(deployed or {}))
        self._known[name] = DeployedSecrets(secrets, self._secrets.template(stack), deployed)
        return self._known[name]

    def shown_outputs(
        self, cloudformation: CloudFormation, stack: Stack, template: Mapping[str, Value] | None = None
    ) -> dict[str, str]:
        """As `SecretValues.shown_outputs`; outputs of nested stacks that hold a secret of theirs are masked too.

        Nested stacks are read only where an output shows one of theirs. Raises AwsError.
        """
        known = template or self._secrets.template(stack)
        read = _inner_outputs(known) if known is not None else frozenset()
        inner = self._inner(cloudformation, stack.arn, read) if read else {}
        return self._secrets.shown_outputs(stack, known, inner)

    def _inner(
        self, cloudformation: CloudFormation, arn: str, read: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], bool]:
        """The argument `inner` of `secret_outputs` for the attributes `read` of the stack's nested ones."""
        found: dict[tuple[str, str], bool] = {}
        # Listing them also keeps what the stack gives to them.
        for row in cloudformation.resources(arn):
            keys = {attribute.removeprefix("Outputs.") for name, attribute in read if name == row.logical_id}
            if not keys or row.type != STACK_TYPE or not row.physical_id:
                continue
            known = self.of(cloudformation, row.physical_id, parent=True)
            if known.deployed is None:
                secret = frozenset(keys) if known.secrets else frozenset[str]()
            else:
                deeper = _inner_outputs(known.deployed)
                inner = self._inner(cloudformation, row.physical_id, deeper) if deeper else {}
                secret = secret_outputs(known.deployed, known.secrets, keys, inner)
            found |= {(row.logical_id, f"Outputs.{key}"): key in secret for key in keys}
        return found

    def _parameters(self, stack: Stack) -> frozenset[str]:
        """Names of the secret parameters; what a parent writes for one as text is masked."""
        given, found = self._given.get(stack.arn, {}), self._secrets.parameters(stack)
        found |= self._fed.get(stack.arn, frozenset())
        self._secrets.hide([text for name, text in given.items() if name in found and isinstance(text, str)])
        return found

    def _give(self, arn: str, logical_id: str, parent: DeployedSecrets) -> None:
        """Keep what the parent gives to its nested stack."""
        for template in parent.templates:
            given = nested_parameters(template, logical_id)
            self._given[arn] = {**self._given.get(arn, {}), **given}
            self._fed[arn] = self._fed.get(arn, frozenset()) | fed_parameters(template, parent.secrets, logical_id)


def _inner_outputs(template: Mapping[str, Value]) -> frozenset[tuple[str, str]]:
    """The outputs of nested stacks that its own outputs show: logical id, and `Outputs.KEY`."""
    return frozenset(row for row in attributes(template.get("Outputs")) if row[1].startswith("Outputs."))


def _arn(row: Listed) -> str:
    """The ARN of the stack that an event is of: the event of the stack itself has it as its physical id."""
    return row.stack_arn if isinstance(row, StackEvent) else ""


def deployed_template(cloudformation: CloudFormation, stack: Stack) -> Mapping[str, Value] | None:
    """The template in AWS, None where it may not be read, or there is none that can be."""
    path = f"{stack.name} (deployed)"
    with suppress(InputError), suppress_codes(DENIED, {VALIDATION}):
        return template_of(read_template(cloudformation.template(stack.arn), path), path)
    return None
