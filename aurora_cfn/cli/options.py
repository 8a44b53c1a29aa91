"""Options of several commands, named as in the AWS CLI where that has them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from aurora_cfn.cli.terminal.messages import info, set_json
from aurora_cfn.errors import InputError
from aurora_cfn.model.resource_types import BRANCH, CLIENT

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """The connection options of the command line; None: as the params file says, else as the AWS CLI does.

    `client` is the client of the fleet whose stack is meant, which may be in another region.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    client: str | None = None

    @property
    def spelled(self) -> str:
        """The given options as text for a shell, each after a space, for commands in messages."""
        given = {"--profile": self.profile, "--region": self.region, "--endpoint-url": self.endpoint_url}
        return "".join(f" {name} {shlex.quote(value)}" for name, value in given.items() if value)


class Parsed(click.ParamType[Any]):
    """The type of values that `read` makes of a text; where it raises ValueError, `otherwise` says what is wrong."""

    def __init__(self, name: str, read: Callable[[str], Any], otherwise: str) -> None:
        self.name, self._read, self._otherwise = name, read, otherwise

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value; a default that is none of a text stays. Fails as wrong usage."""
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except ValueError:
            self.fail(f"{value!r} {self._otherwise}", param, ctx)


ENVIRONMENT = "Environment: params/ENV.yaml."


def environments(_ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Names of environments that begin with `start`, for shell completion."""
    from aurora_cfn.project.files import environment_names

    return [name for name in environment_names() if name.startswith(start)]


def _kept(kind: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    """A callback that keeps the name for `--stack`, whose value it becomes."""

    def keep(ctx: click.Context, _parameter: click.Parameter, name: str | None) -> None:
        if name is not None:
            ctx.meta[kind] = name

    return keep


def _one_named(ctx: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    return next(iter(_named(ctx, parameter, (name,) if name else ())), None)


def _named(ctx: click.Context, _parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """The stacks of --stack, or the one of --branch or --client."""
    others = [kind + ctx.meta[kind] for kind in (BRANCH, CLIENT) if kind in ctx.meta]
    if len(others) + bool(names) > 1:
        given = [f"--{kind.rstrip(':')}" for kind in (BRANCH, CLIENT) if kind in ctx.meta]
        raise click.UsageError(f"{' and '.join([*['--stack'] * bool(names), *given])}: give one of them")
    clients = [name.removeprefix(CLIENT) for name in names if name.startswith(CLIENT)]
    if len(clients) > 1:
        raise click.UsageError(f"{', '.join(clients)}: one client at a time, as they may be in several regions")
    if clients:
        ctx.meta[CLIENT] = clients[0]
    return names or tuple(others)


environment_option = click.option(
    "--env", "-e", required=True, metavar="ENV", shell_complete=environments, help=ENVIRONMENT
)
optional_environment_option = click.option("--env", "-e", metavar="ENV", shell_complete=environments, help=ENVIRONMENT)
stack_option = click.option(
    "--stack", "-s", "stacks", multiple=True, metavar="NAME", callback=_named,
    help="Only this stack (repeatable); all by default.",
)  # fmt: skip
client_option = click.option(
    # Eager: --client is read before --stack, whose value it becomes.
    "--client", metavar="NAME", is_eager=True, expose_value=False, callback=_kept(CLIENT),
    help="The stack of this client of the fleet, in its region (see `clients`).",
)  # fmt: skip
"""Beside `--stack` and `aws_options`: the client's stack, as --stack has it, and `aws.client`."""
take_over_option = click.option(
    "--take-over", multiple=True, metavar="STACK",
    help="Work on this stack although it has the tags of another project, or none (repeatable).",
)  # fmt: skip
parallel_option = click.option(
    "--parallel", type=click.IntRange(1, 64), default=8, show_default=True,
    help="Maximum number of stacks at the same time.",
)  # fmt: skip
format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
no_wake_option = click.option("--no-wake", is_flag=True, help="Refuse a database that is paused, or may be.")
yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
events_option = click.option(
    "--events", is_flag=True, help="On a terminal: a line for each event, not one for each resource that changes."
)


def database_options(command: Command) -> Command:
    """`--stack NAME`, `--branch NAME` and `--resource LOGICAL_ID`: the one database that is meant."""
    resource = "Logical id of the database, when a stack has several."
    command = click.option("--resource", metavar="LOGICAL_ID", help=resource)(command)
    return database_stack_options(command)


def database_stack_options(command: Command) -> Command:
    """`--stack NAME` and `--branch NAME`, as one argument `stack`."""
    stack = "Stack of the database, when the environment has several."
    branch = "The database of this branch (see `branch`)."
    # Eager: --branch is read before --stack, whose value it becomes.
    command = click.option(
        "--branch", metavar="NAME", help=branch, is_eager=True, expose_value=False, callback=_kept(BRANCH)
    )(command)
    return click.option("--stack", "-s", metavar="NAME", help=stack, callback=_one_named)(command)


def rows_format_option(pipe: str, forms: Sequence[str] = ("table", "json", "csv")) -> Callable[[Command], Command]:
    """`--format`, one of `forms`, as `form`; without it a table on a terminal, else `pipe`."""

    def chosen(_ctx: click.Context, _parameter: click.Parameter, form: str | None) -> str:
        return form or ("table" if sys.stdout.isatty() else pipe)

    text = f"Default: table on a terminal, else {pipe}."
    return click.option("--format", "form", type=click.Choice(forms), callback=chosen, help=text)


def review_options(command: Command) -> Command:
    """How a review is shown, what it allows and how it ends: `form`, `allow_replace`, `try_anyway`, `exit_code`."""
    from aurora_cfn.report.review import FORMATS

    form = click.Choice(list(FORMATS))
    replaced, tried = "Allow this resource to be replaced", "Do not end with 11 for this change"
    for option in (
        click.option("--exit-code", is_flag=True, help="End with 8 when there are differences."),
        click.option("--try-anyway", metavar="LOGICAL_ID", multiple=True, help=f"{tried} (repeatable)."),
        click.option("--allow-replace", metavar="LOGICAL_ID", multiple=True, help=f"{replaced} (repeatable)."),
        click.option("--format", "form", type=form, default="text", show_default=True, help="How to show it."),
    ):
        command = option(command)
    return command


def log_format_option(text: str) -> Callable[[Command], Command]:
    """`--log-format text|json` with that help text."""
    # Eager: read before the other options, so that their errors are written in this format too.
    kind = click.Choice(["text", "json"])
    return click.option("--log-format", type=kind, default="text", is_eager=True, callback=_log_format, help=text)


def _log_format(_ctx: click.Context, _parameter: click.Parameter, form: str) -> str:
    set_json(on=form == "json")
    return form


def _region(_ctx: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """The region's name; InputError for a misspelled one, a warning for one that is newer than the facts."""
    if name is not None:
        from aurora_cfn.environment import region_doubt, region_fault

        fault, doubt = region_fault(name), region_doubt(name)
        if fault:
            raise InputError(f"--region: {fault}")
        if doubt:
            info(f"--region: {doubt}", "warning")
    return name


def aws_options(command: Command) -> Command:
    """`--profile`, `--region`, `--endpoint-url`, passed to the command as one argument `aws`."""

    def gathered(*args: Any, profile: str | None, region: str | None, endpoint_url: str | None, **rest: Any) -> Any:
        client = click.get_current_context().meta.get(CLIENT)
        return command(*args, aws=AwsOptions(profile, region, endpoint_url, client), **rest)

    return with_options(
        gathered,
        command,
        click.option("--endpoint-url", metavar="URL", help="Call this address instead of AWS."),
        click.option(
            "--region", metavar="REGION", callback=_region, help="Region, in place of the one in the params file."
        ),
        click.option("--profile", metavar="NAME", help="Profile of the AWS configuration; its MFA code is asked for."),
    )


def with_options(
    gathered: Callable[..., Any], command: Command, *options: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Command:
    """`gathered` as a click command with the options, whose values it passes to `command` as one argument.

    Of the options the last one is the first in the help.
    """
    # functools.wraps would also set __wrapped__, whose signature has that argument, which no option gives.
    gathered.__doc__ = command.__doc__
    gathered.__name__ = getattr(command, "__name__", "command")
    gathered.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined] # where click keeps options
    for option in options:
        gathered = option(gathered)
    return gathered  # type: ignore[return-value] # it is called as the command, but for that argument


def with_connection(*first: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """A decorator: these options come first in the help, those of the connection (`aws_options`) last."""

    def framed(command: Command) -> Command:
        # Where click keeps the options of a function, in the reverse order of the help.
        own = command.__dict__.pop("__click_params__", [])
        whole = aws_options(command)
        whole.__dict__["__click_params__"] += own
        for option in reversed(first):
            whole = option(whole)
        return whole

    return framed


database_command = with_connection(environment_option, database_options, client_option)
"""The options of each command on one database: `env`, `stack`, `resource` and `aws`, also of a branch or a client."""
stack_command = with_connection(environment_option, stack_option, client_option)
"""The options of each command on stacks, also that of a client: `env`, `stacks` and `aws`."""
