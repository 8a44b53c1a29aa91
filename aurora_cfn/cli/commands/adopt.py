"""`aurora-cfn adopt`: describe a running stack of any tool in the project's files."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option


@click.command()
@environment_option
@click.option("--stack-name", required=True, metavar="NAME", help="The full name of the running stack.")
@click.option("--key", metavar="KEY", help="Its key in the params file and the template's name; else the stack's name.")
@aws_options
def command(env: str, stack_name: str, key: str | None, aws: AwsOptions) -> None:
    """Write the template and the params of a running stack that another tool or the console made.

    The template is the one that was submitted, unchanged, in templates/KEY.yaml (or .json). Parameters, tags, stack
    policy and termination protection are written into params/ENV.yaml; a new file, which needs --region, also gets the
    service role and the SNS topics. Nothing in AWS is changed. Afterwards `diff` shows no changes, and `status`,
    `review` and `deploy` continue from there; the first deployment needs --take-over, as the stack has no tag of this
    project yet.

    What cannot be carried over is named: the values of NoEcho parameters, which AWS does not return (the file reads
    each from a variable of the shell), what a transform makes of the template, code and nested templates that lie in
    S3, a service role or SNS topics that the file does not have.

    Exit codes: 0 written, 3 no such stack, or the key or the template's name is taken, 4 AWS refused, 6 another project
    deploys the stack, 7 an operation runs on it.

    \b
    Examples:
      aurora-cfn adopt --env production --stack-name orders-database --key orders
      aurora-cfn diff --env production --stack orders
      aurora-cfn deploy --env production --take-over orders-database
    """
    from aurora_cfn.cli.runs.adopt import adopt, target_of

    adopt(target_of(env, aws), stack_name, key or stack_name)
