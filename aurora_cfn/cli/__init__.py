"""The command line. Each command is a module that is imported only when it is called."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import sys
from typing import Any

import click

from aurora_cfn import __version__
from aurora_cfn.cli.command_list import COMMANDS as COMMANDS
from aurora_cfn.cli.command_list import SECTIONS as SECTIONS
from aurora_cfn.cli.terminal import messages
from aurora_cfn.errors import EXIT_BUG, EXIT_INTERRUPTED, NO_ROOM, AuroraCfnError, Complaint, InputError
from aurora_cfn.project.compiled_methods import keep_compiled_methods

GARBAGE_AFTER = 200_000
"""New objects: at most some 40 MiB, as an object with its dictionary takes 200 bytes; `lint` grew by 5 MiB."""


class Root(click.Group):
    """The root group: imports a command when it is called, and turns errors into messages and exit codes."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names in the order of `--help`."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported now; None for an unknown name."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"aurora_cfn.cli.commands.{COMMANDS[name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, aligned over all sections."""
        width = max(map(len, COMMANDS))
        for heading, rows in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{width}}", line) for name, (_, line) in rows.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument; a usage error with a suggestion if there is none."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            from difflib import get_close_matches

            for close in get_close_matches(args[0], COMMANDS, 1):
                ctx.fail(f"No such command {args[0]!r}: did you mean {close}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, which returns its exit code; an expected error becomes one message and its exit code."""
        messages.reset()
        try:
            code = super().invoke(ctx)
        except AuroraCfnError as error:
            messages.report_error(error, debug=ctx.params.get("debug", False))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            messages.info("interrupted", "error", exit_code=EXIT_INTERRUPTED)
            ctx.exit(EXIT_INTERRUPTED)
        except click.UsageError as error:
            if not messages.is_json():
                raise
            messages.report_failure(error.format_message(), error.exit_code)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except OSError as error:
            if error.errno not in NO_ROOM:
                messages.report_bug(EXIT_BUG)
                ctx.exit(EXIT_BUG)
            _report_no_room(error)
            ctx.exit(InputError.exit_code)
        except Exception:
            messages.report_bug(EXIT_BUG)
            ctx.exit(EXIT_BUG)
        # A command without an exit code of its own returns None.
        ctx.exit(code or 0)


def _report_no_room(error: OSError) -> None:
    place = str(error.filename) if error.filename else "the output"
    messages.report_error(InputError((Complaint(f"cannot be read or written: {error.strerror}", place),)))
    if not error.filename:
        # What is still in the buffer cannot be written either: Python would say so a second time at its end.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _end_by_sigpipe() -> None:
    """End as other programs do when the reader of their output has gone, such as `head`; a shell gives 141 for it."""
    import signal

    # Python ignores the signal, so that a closed connection is an error and not the end.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)


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
    """CloudFormation for Aurora Serverless: render, lint, review and deploy stacks, to AWS or to this
    machine.

    \b
    Examples:
      aurora-cfn render                 write templates/ from the blueprints
      aurora-cfn lint                   check the templates
      aurora-cfn deploy --env local     deploy to this machine, with a PostgreSQL
      aurora-cfn deploy --env dev       deploy to AWS: show the change set, ask
      aurora-cfn docs                   list the pages of the documentation
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> None:
    """Entry point of the console script and of `python -m aurora_cfn`."""
    # Nearly all that a command makes lives until it ends: looking for garbage after every 700 new objects, Python's
    # default, was a tenth of the CPU time of a deployment.
    gc.set_threshold(GARBAGE_AFTER)
    # At its end Python looks for garbage again: 70 ms where botocore is loaded, for memory that is freed with the
    # process anyway. Frozen objects are left out. Registered first, so that it runs after all other functions at exit.
    atexit.register(gc.freeze)
    keep_compiled_methods()
    out = sys.stdout
    try:
        root(prog_name="aurora-cfn", args=sys.argv[1:])
    except SystemExit:
        # Where the reader has closed the pipe, click puts another object in place of stdout, and ends with 1.
        if sys.stdout is not out and os.name == "posix":
            _end_by_sigpipe()
        raise
    except OSError as error:
        # Of `--help` and `--version`, which click prints before the boundary.
        if error.errno not in NO_ROOM:
            raise
        _report_no_room(error)
        sys.exit(InputError.exit_code)
