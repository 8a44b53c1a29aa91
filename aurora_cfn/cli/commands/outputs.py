"""`aurora-cfn outputs`: print the outputs of an environment's stacks."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.cli.terminal.prompt import columns_of_stdout
from aurora_cfn.report.outputs import FORMATS, outputs_table


@click.command()
@click.argument("name", required=False)
@environment_option
@stack_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True, help="How to print."
)
@click.option("--reveal", is_flag=True, help="Also print values that may be secret.")
@aws_options
def command(env: str, stacks: tuple[str, ...], form: str, name: str | None, reveal: bool, aws: AwsOptions) -> None:
    """Print the outputs of an environment's stacks, or with NAME the value of that one output.

    NAME is an output's key, or STACK.KEY where several stacks have it. json and yaml have one object per stack; env
    is for `eval` in a shell; github is for $GITHUB_OUTPUT.

    What holds a value from {ssm:}, from {env:} or of a NoEcho parameter is printed as ****, and NAME is refused then;
    --reveal prints it.

    Exit codes: 0 printed, 3 not deployed, no such output, or a masked one by NAME, 4 AWS refused.

    \b
    Examples:
      aurora-cfn outputs --env local
      psql -h "$(aurora-cfn outputs --env dev DNSName)"
      eval "$(aurora-cfn outputs --env dev --format env)"
      aurora-cfn outputs --env dev --format github >> "$GITHUB_OUTPUT"
    """
    from aurora_cfn.cli.runs.outputs import deployed_outputs, note_masked, value_of
    from aurora_cfn.cli.runs.target import read_target

    found = deployed_outputs(read_target(env, aws, deployable=False), stacks, reveal=reveal)
    if name is not None:
        text = value_of(found, name)
    else:
        text = outputs_table(found, columns_of_stdout()) if form == "table" else FORMATS[form](found)
    if reveal:
        # Not through the mask, which hides the same values in everything else.
        click.echo(text, nl=name is not None)
        return
    write_stdout(text, nl=name is not None)
    note_masked(found)
