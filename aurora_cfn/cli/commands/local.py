"""`aurora-cfn local`: control the embedded emulator."""

from __future__ import annotations

import json
import os
import time

import click

from aurora_cfn.cli.options import format_option, yes_option
from aurora_cfn.cli.terminal.messages import declined, write_stderr, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, need_terminal
from aurora_cfn.local import launcher, request
from aurora_cfn.local import status as emulator_status
from aurora_cfn.local.client_settings import shell_lines, write_profile
from aurora_cfn.local.home import home_from


@click.group()
def command() -> None:
    """The embedded emulator: the AWS APIs on 127.0.0.1, with a real PostgreSQL behind Aurora.

    It starts by itself when an environment says `endpoint: local`. Each project (folder with params/) has an emulator
    of its own. Its state, logs and databases are in the user's state folder, or in AURORA_CFN_HOME.

    \b
    Examples:
      aurora-cfn local start            # start it, print its address
      aurora-cfn local status           # stacks, databases, ports
      aurora-cfn local logs -f          # follow its log
      aurora-cfn local stop             # stop it; everything is kept
      aurora-cfn local reset            # stop it, delete stacks and databases
      aurora-cfn local pause NAME       # pause a database; a request resumes it
      aurora-cfn local simulate --fault "create:Writer=no capacity"
      eval "$(aurora-cfn local env)"    # the AWS CLI of this shell uses it
      aurora-cfn local env --profile local    # the same as an AWS profile
    """


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; another one where it is in use.")
def start(port: int | None) -> None:
    """Start the emulator; prints its address. Nothing happens when it runs already.

    Exit codes: 0 it runs, 3 it is not installed or not for this system, 4 it does not start.
    """
    server = launcher.ensure_running(port=port)
    write_stderr(f"{'started' if server.started else 'already running'} (pid {server.pid})")
    if server.other_version:
        write_stderr(server.other_version)
    if port and not server.endpoint.endswith(f":{port}"):
        write_stderr(f"not at port {port}: {'it is in use' if server.started else 'the emulator runs already'}")
    write_stdout(server.endpoint)


@command.command()
def stop() -> None:
    """Stop the emulator; stacks and databases are kept for the next start.

    Exit codes: 0 it does not run any more.
    """
    write_stderr("stopped" if launcher.stop() else "it does not run")


@command.command()
@format_option
def status(form: str) -> int:
    """Show stacks, databases, ports, disk, and resources that are records only.

    Exit codes: 0 it runs, 1 it is stopped.
    """
    found = emulator_status.status()
    if form == "json":
        write_stdout(json.dumps(found, indent=2))
    else:
        write_stdout("\n".join(emulator_status.lines(found)))
    return 0 if found["running"] else 1


@command.command()
@yes_option
def reset(yes: bool) -> int:
    """Stop the emulator and delete all its stacks, databases, objects and secrets.

    Exit codes: 0 deleted, or there was nothing, 1 declined, 2 no terminal to ask on, and no --yes.
    """
    need_terminal("--yes deletes without asking", unless=yes)
    if not yes and not confirmed("delete every local stack and database?"):
        return declined("nothing was deleted")
    write_stderr("deleted" if launcher.reset() else "there was nothing to delete")
    return 0


@command.command()
@click.option("--lines", "-n", default=40, show_default=True, type=click.IntRange(0), help="How many lines of the end.")
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C.")
def logs(lines: int, follow: bool) -> None:
    """Print the end of the emulator's log.

    Exit codes: 0 printed, 130 with --follow, by Ctrl-C.
    """
    path = home_from(os.environ).log
    for line in launcher.last_lines(path, lines):
        write_stdout(line)
    if not follow:
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        file.seek(0, 2)
        while True:
            # Five times a second: quick enough to read along, and no load.
            more = file.read()
            write_stdout(more, nl=False) if more else time.sleep(0.2)


@command.command()
@click.option("--profile", metavar="NAME", help="Write a profile for the AWS CLI and SDKs instead of printing lines.")
def env(profile: str | None) -> None:
    """Print the shell variables with which the AWS CLI and SDKs use the emulator; starts it if needed.

    The keys are the emulator's own and random. With --profile they go into the AWS configuration files,
    for: aws --profile NAME ...

    Exit codes: 0 printed or written, 3 it is not installed, not for this system, or the profile is not ours,
    4 it does not start.
    """
    server = launcher.ensure_running()
    if profile:
        for path in write_profile(profile, server, os.environ):
            write_stderr(f"wrote profile {profile} into {path}")
        return
    for line in shell_lines(server, home_from(os.environ)):
        write_stdout(line)


@command.command()
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="VERB:NAME=REASON",
    help="Let the creation, update or deletion of a resource fail (repeatable).",
)
@click.option(
    "--delay",
    "delays",
    multiple=True,
    metavar="TYPE=SECONDS",
    help="Let resources of a type, or of a pattern such as AWS::RDS::*, take longer (repeatable).",
)
@click.option("--clear", is_flag=True, help="Remove all faults and delays.")
def simulate(faults: tuple[str, ...], delays: tuple[str, ...], clear: bool) -> None:
    """Make stacks fail or be slow, to try out a deployment; without options, show what is set.

    Exit codes: 0 set or shown, 3 a wrong value.

    \b
    Examples:
      aurora-cfn local simulate --fault "create:Writer=no capacity"
      aurora-cfn local simulate --fault "update:my-stack.DBCluster=denied"
      aurora-cfn local simulate --delay "AWS::RDS::*=3"
      aurora-cfn local simulate --clear
    """
    found = request.simulate(faults, delays, clear=clear)
    for place, reason in found["faults"].items():
        write_stdout(f"fault  {place}  {reason}")
    for pattern, seconds in found["delays"].items():
        write_stdout(f"delay  {pattern}  {seconds:g} s")


@command.command()
@click.argument("name")
@click.option(
    "--resume-after",
    default=7.0,
    show_default=True,
    type=click.FloatRange(0, 600),
    metavar="SECONDS",
    help="How long it takes to resume.",
)
def pause(name: str, resume_after: float) -> None:
    """Pause the database NAME, a cluster or an instance; the next request resumes it.

    A serverless cluster gets the events of RDS and the capacity 0 that a pause has in AWS.

    Exit codes: 0 paused, 3 there is no such database, or no emulator.
    """
    for key in request.pause(name, resume_after)["paused"]:
        write_stderr(f"paused {key}")
