"""`aurora-cfn dev`: run the functions of an environment from their source folder."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, environment_option, stack_option

DEFAULT_PORT = 5678


@click.command()
@environment_option
@stack_option
@click.option("--function", "functions", multiple=True, metavar="LOGICAL_ID", help="Only this function (repeatable).")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="[LOGICAL_ID=]FOLDER",
    help="The folder with the code, of all functions or of one (repeatable).",
)
@click.option(
    "--copy-handlers",
    "copy_to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the shipped handlers of the stacks to a new FOLDER, and run them from there.",
)
@click.option(
    "--debug",
    "debug_port",
    type=click.IntRange(1024, 65535),
    metavar="PORT",
    help="Wait for a debugger on 127.0.0.1 and PORT; a second function gets the next port.",
)
@click.option("--launch-json", is_flag=True, help="Print the configuration with which VS Code attaches, and end.")
def command(
    env: str,
    stacks: tuple[str, ...],
    functions: tuple[str, ...],
    sources: tuple[str, ...],
    copy_to: Path | None,
    debug_port: int | None,
    launch_json: bool,
) -> None:
    """Run the Python functions of a deployed local environment from their source, until Ctrl-C.

    Each request is answered by the files as they are saved; requests and logs go to stdout. A file that cannot be
    imported is named with its line, and the next save mends it. The stacks stay as they are: when the command ends, by
    whatever end, the packaged code answers again.

    The source of a function is: --source; the folder that its template names (Code, CodeUri); `handlers` of its stack
    in the params file; ./handlers or ./src/handlers; for a template of aurora-cfn the handlers that it ships. `deploy`
    packages what you changed once the params file says `handlers: FOLDER`. With `endpoint: local` only.

    Exit codes: 130 ended by Ctrl-C or SIGTERM, 0 the configuration was printed, 2 wrong usage, 3 wrong params, no such
    stack, function or source, debugpy is missing, or not a local environment, 7 another session has the function.

    \b
    Examples:
      aurora-cfn dev --env planets-api
      aurora-cfn dev --env planets-api --copy-handlers ./handlers
      aurora-cfn dev --env planets-api --function ApiFunction --debug 5678
      aurora-cfn dev --env planets-api --debug 5678 --launch-json
      aurora-cfn dev --env shop --source OrdersFunction=services/orders
    """
    from aurora_cfn.cli.runs.dev import DevOptions, print_launch_json, run_from_source

    options = DevOptions(stacks, functions, sources, copy_to, debug_port)
    if launch_json:
        print_launch_json(env, AwsOptions(), options, debug_port or DEFAULT_PORT)
    else:
        run_from_source(env, AwsOptions(), options)
