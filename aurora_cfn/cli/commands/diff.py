"""`aurora-cfn diff`: compare the files with the deployed stacks."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, review_options, stack_option


@click.command()
@environment_option
@stack_option
@click.option("--live", is_flag=True, help="Ask CloudFormation too, with a change set that is deleted afterwards.")
@review_options
@aws_options
def command(
    env: str, stacks: tuple[str, ...], live: bool, form: str, allow_replace: tuple[str, ...],
    try_anyway: tuple[str, ...], exit_code: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Show what a deployment would change in AWS: template, parameters, tags and protection of each stack.

    Without --live it only reads (DescribeStacks, GetTemplate). Values that AWS does not return, such as passwords,
    are named and not guessed. --live also asks CloudFormation, with a change set that is deleted afterwards; a
    template over 51,200 bytes is uploaded to the environment's bucket for it, but no bucket is made.

    Exit codes: 0 nothing is lost, 3 wrong params, 4 AWS refused, 6 a resource that holds data would be replaced or
    removed and was not allowed by name, 8 with --exit-code when there are differences, 11 AWS is known to refuse a
    change.

    \b
    Examples:
      aurora-cfn diff --env dev
      aurora-cfn diff --env production --live --format markdown
      aurora-cfn diff --env staging --exit-code || echo "not as written"
    """
    from aurora_cfn.cli.runs.diff import Comparison, live_changes
    from aurora_cfn.cli.runs.review import print_review
    from aurora_cfn.cli.runs.target import read_target

    target = read_target(env, aws)
    found = Comparison(target, live=live_changes(target) if live else None, orphans=True)
    review = found.review(stacks, allow_replace, try_anyway)
    return print_review(review, form, exit_code=exit_code)
