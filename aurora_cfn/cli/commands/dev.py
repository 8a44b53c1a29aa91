"""`aurora-cfn dev`: run the functions of an environment from their source folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option

DEFAULT_PORT = 5678  # the port of debugpy and of VS Code's "Python Debugger: Remote Attach"


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
@click.option(
    "--hours",
    type=click.IntRange(1, 24),
    default=8,
    show_default=True,
    help="On AWS: the time without a sign of the session after which AWS restores the code by itself.",
)
@click.option("--as-function", is_flag=True, help="On AWS: run with the credentials of the function's role.")
@click.option("--restore", is_flag=True, help="On AWS: put the deployed code back, and end.")
@click.option("--take-over", is_flag=True, help="On AWS: end the session of another first.")
@aws_options
@click.option("--launch-json", is_flag=True, help="Print the configuration with which VS Code attaches, and end.")
def command(env: str, aws: AwsOptions, launch_json: bool, **given: Any) -> None:
    """Run the Python functions of a deployed environment from their source, until Ctrl-C.

    Each request is answered by the files as they are saved; requests and logs go to stdout. A file that cannot be
    imported is named with its line, and the next save mends it. With `endpoint: local` the stacks stay as they are:
    when the command ends, also by a kill, the packaged code answers again.

    On AWS, where the params file says `live: true` and nothing is protected, the code of the functions is replaced by a
    stub that sends events through SQS to this machine, and is put back at the end. After a kill, a schedule puts it
    back, or --restore.

    The source of a function is: --source; the folder that its template names (Code, CodeUri); `handlers` of its stack
    in the params file; ./handlers or ./src/handlers; for a template of aurora-cfn the handlers that it ships. `deploy`
    packages what you changed once the params file says `handlers: FOLDER`.

    Exit codes: 130 ended by Ctrl-C or SIGTERM, 0 the configuration was printed, 2 wrong usage, 3 wrong params, no such
    stack, function or source, debugpy is missing, no consent, a protected stack, or no path to SQS, 4 AWS refused,
    7 another session has the function.

    \b
    Examples:
      aurora-cfn dev --env planets-api
      aurora-cfn dev --env planets-api --copy-handlers ./handlers
      aurora-cfn dev --env planets-api --function ApiFunction --debug 5678
      aurora-cfn dev --env planets-api --debug 5678 --launch-json
      aurora-cfn dev --env shop --source OrdersFunction=services/orders
      aurora-cfn dev --env dev-me --as-function
      aurora-cfn dev --env dev-me --restore
    """
    from aurora_cfn.cli.runs.dev import print_launch_json, run_from_source
    from aurora_cfn.cli.runs.dev_workers import DevOptions

    options = DevOptions(**given)
    if launch_json:
        print_launch_json(env, aws, options, options.debug_port or DEFAULT_PORT)
    else:
        run_from_source(env, aws, options)
