"""What every step of a deployment has at hand: the ports, the choices of the person, and where to tell what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from aurora_cfn.deploy.failed_operations import Failures
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.deploy.watch.poller import Poller
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.owner import Owner
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import Alarm, CloudFormation, Databases, DatabaseSizes, Snapshots

OURS = "aurora-cfn-"
"""What the change sets and the tokens of this program's runs begin with."""


class Listener(Protocol):
    """Who wants to know; called in the order of things, for one stack or for several at once."""

    def step(self, key: str, text: str) -> None:
        """Something began or was found, in a sentence."""
        ...

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        ...

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed; so many resources change."""
        ...

    def event(self, key: str, event: StackEvent) -> None:
        """One event of the stack or of a stack nested in it."""
        ...

    def ended(self, result: StackResult) -> None:
        """The stack is done with."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person asked for; `timeout` is in seconds, from the start of the execution.

    `allow` names resources that may be replaced or removed. `strict` makes a failure of what a clean-up left behind;
    without `cleanup_wait` an update is over when only its clean-up goes on.
    """

    dry_run: bool = False
    disable_rollback: bool = False
    on_failure: str = ""
    express: bool = False
    timeout: float | None = None
    allow: tuple[str, ...] = ()
    preflight: bool = True
    snapshot: bool = True
    strict: bool = False
    cleanup_wait: bool = True


@dataclass(frozen=True, slots=True)
class Eyes:
    """Ports for reads that are made again anyway, so that their clients may give up early."""

    cloudformation: CloudFormation
    databases: Databases | None


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that deploying one stack needs.

    `run` is unique to this run: change sets, tokens and so events carry it. `approve` shows the plan and gives the
    answer; it raises GuardError when data would be lost. `consent` asks a question of its own. `stopping` becomes true
    when the person wants to leave. `databases` is asked while CloudFormation is silent, None where it knows no more;
    `snapshots` takes one before a risky change, None where nobody wants it. `holdings` tells what a database at stake
    holds, None where nobody is asked. `local` says that it is the emulator, which
    has nothing to tell in a silence. `origin` says who deploys which commit; it is kept in the description of each
    change set. `role_arn` is the role that CloudFormation shall take, None to leave that to each stack. `uploads` takes
    templates that are too large for a call, None where nothing can be uploaded. `way` is how AWS is reached, as options
    of the command line, for the commands that a person is told. `mark` stands in the descriptions too, so that later
    runs know whether this one still lives; `gone` says of such a maker whether it is certain that it does not.
    `watching` has ports of its own for watching, None to take these.
    """

    cloudformation: CloudFormation
    clock: Alarm
    listener: Listener
    approve: Callable[[StackPlan], bool]
    consent: Callable[[str], bool]
    run: str
    environment: str
    choices: Choices = field(default_factory=Choices)
    stopping: Callable[[], bool] = lambda: False
    databases: Databases | None = None
    snapshots: Snapshots | None = None
    holdings: DatabaseSizes | None = None
    local: bool = False
    origin: str = ""
    role_arn: str | None = None
    uploads: Uploads | None = None
    way: str = ""
    mark: str = ""
    gone: Callable[[Owner], bool] = lambda _: False
    watching: Eyes | None = None
    poller: Poller = field(default_factory=Poller)
    failures: Failures = field(default_factory=Failures)

    @property
    def eyes(self) -> Eyes:
        """What operations are watched with: the same ports where there are none of its own."""
        return self.watching or Eyes(self.cloudformation, self.databases)

    @property
    def token(self) -> str:
        """ClientRequestToken of this run's executions."""
        return f"{OURS}{self.run}"

    @property
    def where(self) -> str:
        """Options that lead another command to the same environment in the same way."""
        return f"--env {self.environment}{self.way}"

    def role_of(self, stack: Stack) -> str | None:
        """The role for an operation on a stack: that of the run, else the stack's own, which may be gone by now."""
        return self.role_arn or stack.role_arn
