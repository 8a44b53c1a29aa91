"""What is checked: each stack as written and as deployed, and all stacks of the run together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.deploy.uploads import UploadBucket
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import EMPTY, Side, template_of
from aurora_cfn.yamltext import read_template


@dataclass(frozen=True, slots=True)
class Subject:
    """One stack: the deployed and the written template, their resources evaluated, and the real ones by logical id.

    `stack` is None, and `before`, `old` and `live` are empty, while the stack was not created in full. `failing` are
    logical ids whose changes are refused already, `tried` those that are executed although they are known to fail.
    """

    entry: EnvironmentStack
    environment: Environment
    before: Side
    after: Side
    old: Mapping[str, Resource]
    new: Mapping[str, Resource]
    stack: Stack | None = None
    live: Mapping[str, StackResource] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The stack's name in AWS."""
        return self.entry.name

    @property
    def exists(self) -> bool:
        """Whether the deployment is an update."""
        return self.stack is not None

    def physical_id(self, logical_id: str) -> str:
        """The physical id of the deployed resource, empty when there is none."""
        row = self.live.get(logical_id)
        return row.physical_id if row and row.exists else ""

    def arriving(self) -> Iterator[Resource]:
        """Resources that would certainly be created: their condition is known to hold, and they do not exist yet."""
        return (row for name, row in self.new.items() if row.certain and not self.physical_id(name))

    def line(self, *parameters: str) -> int:
        """Line in the params file of the first of the parameters that it sets, else of the stack."""
        found = (self.entry.lines[name] for name in parameters if name in self.entry.lines)
        return next(found, self.entry.line)

    def parameter_with(self, text: str) -> str:
        """Name of the parameter whose value is that text, empty when there is none."""
        return next((name for name, value in self.after.parameters.items() if value == text), "")


@dataclass(frozen=True, slots=True)
class WholeRun:
    """Everything that one run would deploy; `identity` is the caller's account and ARN.

    `bucket` takes the code of the stacks `with_code` and the templates of the `large` ones; None when there are none.
    """

    environment: Environment
    identity: tuple[str, str]
    subjects: tuple[Subject, ...] = ()
    bucket: UploadBucket | None = None
    with_code: frozenset[str] = frozenset()
    large: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Deployed:
    """What is deployed of a stack; all empty when it was never deployed."""

    stack: Stack | None = None
    resources: Sequence[StackResource] = ()
    template: str = ""


def subject(
    environment: Environment,
    entry: EnvironmentStack,
    template: str,
    parameters: Mapping[str, ParameterValue],
    deployed: Deployed,
) -> Subject:
    """The stack with both templates read. Raises InputError for a text that is not a template."""
    # A stack that was never created in full has no template worth comparing with.
    stack = deployed.stack if is_created(deployed.stack) else None
    path = entry.template_file
    after = _side(template, path, parameters, entry, environment)
    before = _side(deployed.template, path, stack.parameters, entry, environment) if stack else EMPTY
    live = {row.logical_id: row for row in deployed.resources} if stack else {}
    return Subject(
        entry, environment, before, after, resources(Evaluator(before)), resources(Evaluator(after)), stack, live
    )


def text(value: Value) -> str | None:
    """The value when it is text, None when it is anything else or not known."""
    return value if isinstance(value, str) else None


def _side(
    template: str,
    path: str,
    parameters: Mapping[str, ParameterValue],
    entry: EnvironmentStack,
    environment: Environment,
) -> Side:
    document = read_template(template, path)
    return Side(
        template_of(document, path),
        parameters,
        lines=document.lines,
        path=path,
        stack=entry.name,
        region=environment.region,
        account=environment.account,
    )
