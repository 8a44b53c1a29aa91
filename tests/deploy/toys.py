"""Small stacks, and a context over the fakes whose listener keeps what it hears."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aurora_cfn.deploy.context import Approve, Choices, Context, RunEnvironment, RunId
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.stack_policy import policy_for
from aurora_cfn.model.environment import EnvironmentStack, ParameterValue
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation

TEMPLATE = """\
Parameters:
  Size:
    Type: String
    Default: "1"
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
  Writer:
    Type: AWS::RDS::DBInstance
Outputs:
  Name:
    Value: !Ref AWS::StackName
  Size:
    Value: !Ref Size
"""


def entry(key: str = "db", parameters: Mapping[str, ParameterValue] | None = None) -> EnvironmentStack:
    return EnvironmentStack(key, f"{key}-dev", "toy", parameters or {}, 7)


def stack(key: str = "db", template: str = TEMPLATE, **more: Any) -> DesiredStack:
    """A stack; a protected one also asks for the stack policy that forbids to replace or delete its databases."""
    wanted = entry(key)
    if more.get("protect"):
        wanted = replace(wanted, stack_policy=json.loads(policy_for(template)))
    return DesiredStack(wanted, "params/dev.yaml", template, **more)


@dataclass(slots=True)
class RecordingListener:
    """A listener that keeps everything."""

    lines: list[str] = field(default_factory=list)
    events: list[StackEvent] = field(default_factory=list)
    results: list[StackResult] = field(default_factory=list)

    def step(self, key: str, text: str) -> None:
        self.lines.append(f"{key}: {text}")

    def warn(self, key: str, text: str) -> None:
        self.lines.append(f"{key}: warning: {text}")

    def started(self, key: str, resources: int) -> None:
        self.lines.append(f"{key}: {resources} resources")

    def event(self, key: str, event: StackEvent) -> None:
        self.events.append(event)

    def ended(self, result: StackResult) -> None:
        self.results.append(result)


@dataclass(slots=True)
class FakeRun:
    """A fake AWS with a clock, and one run of the tool against it."""

    clock: FakeClock = field(default_factory=FakeClock)
    listener: RecordingListener = field(default_factory=RecordingListener)
    plans: list[StackPlan] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    answer: bool = True
    stop: bool = False
    cfn: FakeCloudFormation = field(init=False)

    def __post_init__(self) -> None:
        self.cfn = FakeCloudFormation(self.clock)

    def context(self, choices: Choices | None = None) -> Context:
        return Context(
            self.cfn, self.clock, self.listener, RunId("run1"), RunEnvironment("dev"), self._consent,
            choices or Choices(), stopping=lambda: self.stop,
        )  # fmt: skip

    def deploy(
        self,
        wanted: DesiredStack | None = None,
        context: Context | None = None,
        approve: Approve | None = None,
        **given: str,
    ) -> StackResult:
        return deploy(context or self.context(), wanted or stack(), lambda _: given, approve or self.approve)

    def approve(self, plan: StackPlan) -> bool:
        self.plans.append(plan)
        return self.answer

    def _consent(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer


PARTS = {
    "run": {"run": "id", "origin": "origin", "owner": "owner", "owner_is_dead": "owner_is_dead"},
    "environment": {"role_arn": "role_arn", "local": "local"},
    "rds": {"databases": "databases", "snapshots": "snapshots", "sizes": "sizes"},
    "watching": {"failures": "failures"},
}
"""Parts of a context, and the names under which tests change what is in them."""


def changed(context: Context, **values: Any) -> Context:
    """The context with these values, wherever in it they are kept."""
    for part, names in PARTS.items():
        found = {field_: values.pop(name) for name, field_ in names.items() if name in values}
        context = replace(context, **{part: replace(getattr(context, part), **found)})
    return replace(context, **values)
