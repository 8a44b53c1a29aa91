"""The options with which a command logs in to a database, gathered into one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aurora_cfn.cli.options import Command, database_stack_options, no_wake_option, with_options


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """Which database, as which user, and over which route; without `role` as the master user (admin for DSQL).

    `host` and `port` are where to connect to instead, such as the near end of a tunnel of the user's own.
    """

    stack: str | None = None
    resource: str | None = None
    role: str = ""
    reader: bool = False
    read_only: bool = False
    via: str = "direct"
    ca_bundle: Path | None = None
    host: str | None = None
    port: int | None = None
    no_wake: bool = False

    @property
    def target(self) -> str:
        """The target of the SSM tunnel, empty without one."""
        return self.via.removeprefix("ssm:") if self.via.startswith("ssm:") else ""


def login_options(command: Command) -> Command:
    """Which database (as `database_options`), and how to log in to it: all that LoginOptions has but host and port."""

    def gathered(*args: Any, iam: bool, role: str | None, **given: Any) -> Any:
        if iam and not role:
            raise click.UsageError("--iam logs in as a database role: name it with --role")
        names = ("stack", "resource", "reader", "read_only", "via", "ca_bundle", "no_wake")
        taken = {name: given.pop(name) for name in names}
        return command(*args, login=LoginOptions(role=role or "", **taken), **given)

    return with_options(
        gathered, command,
        no_wake_option,
        click.option("--ca-bundle", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                     help="File with the certificates to verify the server."),
        click.option("--via", default="auto", show_default=True, callback=_via, metavar="auto|direct|vpn|ssm:TARGET",
                     help="How to reach it. auto: through a tunnel that `tunnel --background` opened, else directly. "
                          "TARGET is an instance (i-...) or an ECS task (ecs:...) beside it."),
        click.option("--read-only", is_flag=True, help="Sessions begin read-only, which guards against mistakes only."),
        click.option("--reader", is_flag=True, help="The reader endpoint."),
        click.option("--iam", is_flag=True, help="With --role, which implies it: an IAM token in place of a password."),
        click.option("--role", metavar="NAME", help="Log in as this database role, with an IAM token."),
        click.option("--resource", metavar="LOGICAL_ID", help="Logical id of the database, when a stack has several."),
        database_stack_options,
    )  # fmt: skip


def _via(_ctx: click.Context, _parameter: click.Parameter, text: str) -> str:
    if text not in {"auto", "direct", "vpn"} and not (text.startswith("ssm:") and len(text) > len("ssm:")):
        raise click.BadParameter(f"{text!r} is none of auto, direct, vpn, ssm:TARGET")
    return text
