"""The command line: the composition root. One verb a module, imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from aurora_cfn import __version__
from aurora_cfn.cli import voice
from aurora_cfn.errors import AuroraCfnError

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Start a repository: params, templates, workflow, hooks."),
    "render": ("render", "Write the templates from the blueprints, or check them."),
    "lint": ("lint", "Check templates with cfn-lint and the rules about Aurora."),
    "review": ("review", "Tell what a branch's changes do to the stacks, offline."),
    "diff": ("diff", "Tell what a deployment would do to what is deployed."),
    "cost": ("cost", "What an environment costs a month, from its files alone."),
    "deploy": ("deploy", "Create or update the stacks of an environment."),
    "outputs": ("outputs", "Print the outputs of an environment's stacks."),
    "events": ("events", "Show what happened last to the stacks, or follow it."),
    "status": ("status", "Tell whether what runs is what is committed; changes nothing."),
    "doctor": ("doctor", "Ask AWS whether deploying an environment can work; changes nothing."),
    "recover": ("recover", "Bring a stack out of a failed state, one safe move at a time."),
    "destroy": ("destroy", "Delete the stacks of an environment, and say what survives."),
    "drift": ("drift", "Tell whether the real resources are as the templates say."),
    "import": ("importing", "Take existing resources into a stack without touching them."),
    "sql": ("sql", "Run SQL on the database of an environment, through the Data API."),
    "connect": ("connect", "Start psql (or mysql) on the database of an environment."),
    "local": ("local", "The embedded emulator: start, stop, status, reset, logs, env, simulate."),
    "package": ("package", "Build the code of the functions, and upload what the bucket lacks."),
    "vpn": ("vpn", "Certificates and profiles for the Client VPN."),
    "permissions": ("permissions", "Print the least IAM policy that a command needs."),
    "schema": ("schema", "Print the JSON Schema of params files, for editors."),
    "facts": ("facts", "Show or renew the dated data behind the rules."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""Name of a command to its module and the line that `--help` shows, so that listing them imports none of them."""

EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class Root(click.Group):
    """The root group: loads a command when it is called, and is the one boundary where errors become exit codes."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names in the order of daily use."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now; None when there is no such name."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"aurora_cfn.cli.{COMMANDS[name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        if not COMMANDS:
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an expected error is one message on stderr and its own exit code."""
        voice.speak_json(on=False)
        try:
            return super().invoke(ctx)
        except AuroraCfnError as error:
            voice.complain_of(error, debug=ctx.params.get("debug", False))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            voice.say("interrupted", "error", exit_code=EXIT_INTERRUPTED)
            ctx.exit(EXIT_INTERRUPTED)
        except click.UsageError as error:
            if not voice.speaks_json():
                raise
            voice.complain(error.format_message(), error.exit_code)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:
            voice.complain_of_bug(EXIT_BUG)
            ctx.exit(EXIT_BUG)


def _version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"aurora-cfn {__version__}")
        ctx.exit()


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an expected error too.")
@click.pass_context
def root(ctx: click.Context, debug: bool) -> None:  # noqa: ARG001 - read from the context by the boundary
    """CloudFormation for Aurora Serverless: render, lint, review and deploy it, to AWS or to this machine.

    \b
    Examples:
      aurora-cfn render                 write templates/ from the blueprints
      aurora-cfn lint                   check what is written
      aurora-cfn deploy --env local     the same stacks on this machine, with a real PostgreSQL
      aurora-cfn deploy --env dev       in AWS: shows the change set, asks, deploys, prints the outputs
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> None:
    """Entry point of the console script and of `python -m aurora_cfn`."""
    root(prog_name="aurora-cfn", args=sys.argv[1:])
