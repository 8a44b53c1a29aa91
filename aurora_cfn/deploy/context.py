"""What every step of a deployment is given: the ports, the run and its environment, the options, and the listener."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from aurora_cfn.deploy.failed_operations import Failures
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.deploy.watch.poller import Poller
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.ownership import Owner
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import Alarm, CloudFormation, Databases, DatabaseSizes, Snapshots

OURS = "aurora-cfn-"
"""The prefix of the change sets and client request tokens of this tool's runs."""

Approve = Callable[[StackPlan], bool]
"""Shows a plan and returns the answer to it. Raises GuardError when data would be lost."""

Check = Callable[[StackPlan], None]
"""Looks at the plan of an update before its change set is made. Raises KnownFailureError when it is known to fail."""


class Listener(Protocol):
    """Is called for everything that happens in a run, in order, for one stack or for several at once."""

    def step(self, key: str, text: str) -> None:
        """Something began or was found, in a sentence."""

    def warn(self, key: str, text: str) -> None:
        """A warning."""

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed; it changes that many resources."""

    def event(self, key: str, event: StackEvent) -> None:
        """One event of the stack or of a stack nested in it."""

    def ended(self, result: StackResult) -> None:
        """The work on the stack has ended."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of the command; `timeout` is in seconds, from the start of the execution.

    `allow` names resources that may be replaced or removed, `tried` changes that are executed although they are known
    to fail, `take_over` stacks of other owners, `create_beside` stacks that are created although one like it runs.
    `recreate` deletes a stack whose creation failed, without a question; `yes`, which answers all others, does not.
    `strict` makes an error of resources that the clean-up left behind; without `cleanup_wait` an update has ended when
    only its clean-up still runs.
    """

    dry_run: bool = False
    disable_rollback: bool = False
    on_failure: str = ""
    express: bool = False
    timeout: float | None = None
    allow: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    take_over: tuple[str, ...] = ()
    create_beside: tuple[str, ...] = ()
    yes: bool = False
    recreate: bool = False
    preflight: bool = True
    snapshot: bool = True
    strict: bool = False
    cleanup_wait: bool = True


@dataclass(frozen=True, slots=True)
class RunId:
    """How change sets, tokens and events name this run, and how it recognizes the change sets of earlier runs.

    `id` is unique. `origin` says who deploys which commit; it is in the description of each change set, and after
    it `owner`, the suffix that names this process. `owner_is_dead` is true when the process of such a suffix has
    certainly ended.
    """

    id: str
    origin: str = ""
    owner: str = ""
    # By default no process counts as dead, so that no change set is deleted.
    owner_is_dead: Callable[[Owner], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class RunEnvironment:
    """The environment that a run works on, and how the command line reached it.

    `cli_options` are the options of the AWS connection, each with a space before it, for commands in messages.
    `role_arn` is the service role for CloudFormation, None to leave it to each stack. `local` is the emulator.
    `project` is the owner of the stacks, empty where stacks are neither tagged nor checked.
    """

    name: str
    cli_options: str = ""
    role_arn: str | None = None
    local: bool = False
    project: str = ""


class Rds(Protocol):
    """RDS, each port None where it is not asked: no status in a silence, no snapshot before a change, no sizes."""

    @property
    def databases(self) -> Databases | None:
        """Statuses, events and descriptions."""

    @property
    def snapshots(self) -> Snapshots | None:
        """Snapshots to be taken."""

    @property
    def sizes(self) -> DatabaseSizes | None:
        """Sizes and restore points."""


@dataclass(frozen=True, slots=True)
class RdsPorts:
    """Ports that are at hand; none without any."""

    databases: Databases | None = None
    snapshots: Snapshots | None = None
    sizes: DatabaseSizes | None = None


@dataclass(frozen=True, slots=True)
class ReadPorts:
    """Ports of clients with short timeouts, for reads that are repeated anyway."""

    cloudformation: CloudFormation
    databases: Databases | None


@dataclass(frozen=True, slots=True)
class Watching:
    """What all operations of a run share while they are watched; without `read_ports` the ordinary ports are read."""

    read_ports: ReadPorts | None = None
    poller: Poller = field(default_factory=Poller)
    failures: Failures = field(default_factory=Failures)


@dataclass(frozen=True, slots=True)
class Context:
    """The same for every stack of a run; what differs from stack to stack is an argument of each step.

    `consent` asks a yes-or-no question. `stopping` is true once the run was interrupted. `uploads` takes templates that
    are too large for a call, None where nothing can be uploaded. `check` is called before the change set of an
    update is made.
    """

    cloudformation: CloudFormation
    clock: Alarm
    listener: Listener
    run: RunId
    environment: RunEnvironment
    consent: Callable[[str], bool] = lambda _: False
    choices: Choices = field(default_factory=Choices)
    stopping: Callable[[], bool] = lambda: False
    rds: Rds = field(default_factory=RdsPorts)
    uploads: Uploads | None = None
    check: Check = lambda _: None
    watching: Watching = field(default_factory=Watching)

    @property
    def read_ports(self) -> ReadPorts:
        """The ports to watch operations with."""
        return self.watching.read_ports or ReadPorts(self.cloudformation, self.rds.databases)

    @property
    def token(self) -> str:
        """ClientRequestToken of this run's executions."""
        return f"{OURS}{self.run.id}"

    def token_of(self, key: str) -> str:
        """ClientToken of the change set of one stack; 128 characters at most (API reference, CreateChangeSet)."""
        return f"{self.token}-{key}"[:128]

    @property
    def env_option(self) -> str:
        """The options with which another command reaches the same environment, such as `--env dev --profile x`."""
        return f"--env {self.environment.name}{self.environment.cli_options}"

    def role_of(self, stack: Stack) -> str | None:
        """The service role for an operation on a stack: that of the run, else the stack's own, which may be gone."""
        # Without RoleARN, CloudFormation uses the role that the stack had before, even where it was deleted since.
        return self.environment.role_arn or stack.role_arn
