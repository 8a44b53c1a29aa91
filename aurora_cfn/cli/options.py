"""Options that several commands share, under the AWS CLI's names."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from aurora_cfn.cli.terminal.messages import info, set_json
from aurora_cfn.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """How to reach AWS, as given on the command line; None where the environment or boto3's chain decides."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @property
    def spelled(self) -> str:
        """The same as a shell takes it, with a space before each option; empty where nothing was given."""
        given = {"--profile": self.profile, "--region": self.region, "--endpoint-url": self.endpoint_url}
        return "".join(f" {name} {shlex.quote(value)}" for name, value in given.items() if value)


def environment_option(command: Command) -> Command:
    """`--env ENV`: which params file."""
    return _environment(required=True)(command)


def optional_environment_option(command: Command) -> Command:
    """`--env ENV` where something else may say which environment is meant; `env` is None without it."""
    return _environment(required=False)(command)


def environments(_ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Names of environments that start so, for the completion of a shell."""
    from aurora_cfn.project.files import environment_names

    return [name for name in environment_names() if name.startswith(start)]


def _environment(*, required: bool) -> Callable[[Command], Command]:
    text = "Environment: params/ENV.yaml."
    return click.option("--env", "-e", "env", required=required, metavar="ENV", shell_complete=environments, help=text)


def stack_option(command: Command) -> Command:
    """`--stack NAME`, as often as wanted."""
    return click.option(
        "--stack", "-s", "stacks", multiple=True, metavar="NAME", help="Only this stack (repeatable); all by default."
    )(command)


def log_format_option(text: str) -> Callable[[Command], Command]:
    """`--log-format text|json`, explained by the text; it is heard before the others, whose faults are told in it."""
    kind = click.Choice(["text", "json"])
    return click.option("--log-format", type=kind, default="text", is_eager=True, callback=_log_format, help=text)


def _log_format(_ctx: click.Context, _parameter: click.Parameter, form: str) -> str:
    set_json(on=form == "json")
    return form


def _region(_ctx: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """The same; a name that surely is no region's raises InputError, one that is not known is doubted aloud."""
    if name is not None:
        from aurora_cfn.environment import region_doubt, region_fault

        fault, doubt = region_fault(name), region_doubt(name)
        if fault:
            raise InputError(f"--region: {fault}")
        if doubt:
            info(f"--region: {doubt}", "warning")
    return name


def aws_options(command: Command) -> Command:
    """`--profile`, `--region`, `--endpoint-url`, gathered into one argument `aws`."""

    def gathered(*args: Any, profile: str | None, region: str | None, endpoint_url: str | None, **rest: Any) -> Any:
        return command(*args, aws=AwsOptions(profile, region, endpoint_url), **rest)

    gathered.__doc__ = command.__doc__
    gathered.__name__ = getattr(command, "__name__", "command")
    gathered.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined] # where click keeps options
    for option in (
        click.option("--endpoint-url", metavar="URL", help="Call this address instead of AWS."),
        click.option(
            "--region", metavar="REGION", callback=_region, help="Region, in place of the one in the params file."
        ),
        click.option("--profile", metavar="NAME", help="Profile of the AWS configuration; its MFA code is asked for."),
    ):
        gathered = option(gathered)
    return gathered  # type: ignore[return-value] # it is called as the command, but for the three
