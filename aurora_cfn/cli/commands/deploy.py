"""`aurora-cfn deploy`: its options, and which of them go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    aws_options,
    log_format_option,
    optional_environment_option,
    stack_option,
    take_over_option,
)
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.model.plan import StackResult

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.run import Run
    from aurora_cfn.deploy.context import Choices


FILES = {"plan_file": "--plan", "apply_file": "--apply", "discard_file": "--discard"}
DECIDED = {
    "stacks": "--stack",
    "with_dependencies": "--with-dependencies",
    "dry_run": "--dry-run",
    "allow_replace": "--allow-replace",
    "take_over": "--take-over",
    "create_beside": "--create-beside",
    "on_failure": "--on-failure",
    "express": "--express",
}
"""What a plan has decided already, so that executing it cannot take it."""
EXECUTED = {
    "dry_run": "--dry-run",
    "timeout": "--timeout",
    "disable_rollback": "--disable-rollback",
    "strict": "--strict",
    "no_cleanup_wait": "--no-cleanup-wait",
}
"""What means nothing while a plan is only made."""
EITHER = (("disable_rollback", "on_failure"), ("strict", "no_cleanup_wait"), ("dry_run", "strict"))
"""Pairs of which only one can be given: two words about a failure, and what is left behind without having waited."""


def check_combination(ctx: click.Context) -> None:
    """Raises UsageError for options that exclude each other, and for a missing environment."""
    given = ctx.params
    files = [option for name, option in FILES.items() if given[name]]
    if len(files) > 1:
        raise click.UsageError(f"{' and '.join(files)} exclude each other")
    if given["discard_file"]:
        _exclude(ctx, DECIDED | EXECUTED, "--discard", "it only takes change sets back")
    elif given["apply_file"]:
        _exclude(ctx, DECIDED, "--apply", "that was decided when the plan was made")
    elif not given["env"]:
        raise click.UsageError("Missing option '--env' / '-e'.")
    for one, other in EITHER:
        if given[one] and given[other]:
            raise click.UsageError(f"{_option(one)} and {_option(other)} exclude each other")
    if given["plan_file"]:
        _exclude(ctx, EXECUTED, "--plan", "it only means something while change sets are executed")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _exclude(ctx: click.Context, options: dict[str, str], other: str, why: str) -> None:
    for name, option in options.items():
        if ctx.params[name]:
            raise click.UsageError(f"{option} does not go with {other}: {why}")


FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@optional_environment_option
@stack_option
@click.option("--with-dependencies", is_flag=True, help="With --stack: also the stacks that it refers to.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; data loss still has to be allowed by name.")
@click.option("--plan", "plan_file", type=FILE, metavar="FILE", help="Leave the change sets in AWS and write a plan.")
@click.option("--apply", "apply_file", type=FILE, metavar="FILE", help="Execute exactly the change sets of a plan.")
@click.option("--discard", "discard_file", type=FILE, metavar="FILE", help="Delete the change sets of a plan.")
@click.option("--dry-run", is_flag=True, help="Show what would change; delete the change sets.")
@click.option(
    "--allow-replace",
    multiple=True,
    metavar="LOGICAL_ID",
    help="Allow this resource to be replaced or removed (repeatable); STACK.LOGICAL_ID where several stacks have it.",
)
@click.option(
    "--try-anyway",
    multiple=True,
    metavar="LOGICAL_ID",
    help="Execute this change although AWS is known to refuse it (repeatable).",
)
@take_over_option
@click.option(
    "--create-beside",
    multiple=True,
    metavar="STACK",
    help="Create this stack although one like it, no longer in the params file, still runs (repeatable).",
)
@click.option("--disable-rollback", is_flag=True, help="Leave a failed stack as it is, to look at it.")
@click.option(
    "--on-failure",
    type=click.Choice(["rollback", "delete", "do-nothing"]),
    help="What CloudFormation does when a creation fails.",
)
@click.option(
    "--express",
    is_flag=True,
    help="Wait for databases only, not for all resources; needs `express: true` in the params file.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="Cancel an update after this time.",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Maximum number of stacks at the same time.",
)
@click.option("--strict", is_flag=True, help="Fail (9) when the clean-up of an update leaves something behind.")
@click.option("--no-cleanup-wait", is_flag=True, help="Do not wait for the clean-up of an update.")
@click.option("--fail-on-empty", is_flag=True, help="Fail (1) when no stack changes.")
@click.option("--no-preflight", is_flag=True, help="Do not check first what AWS would refuse (see doctor).")
@click.option(
    "--no-snapshot", is_flag=True, help="Take no snapshot of a database that is upgraded, replaced or removed."
)
@click.option("--no-proof", is_flag=True, help="Do not run `select 1` on the databases at the end.")
@log_format_option("Lines on stderr: text or NDJSON.")
@aws_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    yes: bool,
    plan_file: Path | None,
    discard_file: Path | None,
    dry_run: bool,
    allow_replace: tuple[str, ...],
    try_anyway: tuple[str, ...],
    take_over: tuple[str, ...],
    create_beside: tuple[str, ...],
    disable_rollback: bool,
    on_failure: str | None,
    express: bool,
    timeout: float | None,
    strict: bool,
    no_cleanup_wait: bool,
    fail_on_empty: bool,
    no_preflight: bool,
    no_snapshot: bool,
    no_proof: bool,
    log_format: str,
    aws: AwsOptions,
    **_rest: Any,
) -> None:
    """Create or update the stacks of an environment, each with a change set that is shown and approved.

    First the params file is checked, the committed templates are compared with their blueprints and linted, the
    account is checked, and AWS is asked what would go wrong (see doctor). Then, for each stack: create the change
    set, show it, ask, take a snapshot of each database that is upgraded, replaced or removed, execute exactly that
    change set, and show the events. Independent stacks run side by side. The outputs go to stdout, and at the end
    `select 1` is run on each new or updated database that has a Data API.

    Large templates: a template over 51,200 bytes, and the code of functions, are uploaded to the `bucket:` of the
    params file. Without one, a bucket for the account and region is made after asking: private, encrypted, versioned,
    TLS only. A dry run makes no bucket.

    Plans: --plan FILE creates the change sets, leaves them in AWS, and writes their names to FILE, which holds no
    secret. --apply FILE executes exactly those, or says what changed since; after a kill, run it again to continue.
    --discard FILE deletes them. A stack that refers to one that does not exist yet cannot be in the same plan: plan
    it afterwards.

    Interrupted: Ctrl-C asks whether to leave the stack running or to cancel the update. Without a terminal, and on
    SIGTERM or SIGHUP, the stack is left running; `aurora-cfn events --follow` shows it. After a kill, run deploy
    again: it follows the operation that was begun, deletes the change sets that were left, and deploys what still
    differs. If another operation is running on a stack, deploy does not wait for it (exit code 7).

    Whose stack: stacks carry the tags aurora-cfn:project and aurora-cfn:environment. One of another project, or that
    this tool did not deploy, is refused unless --take-over names it; so is one that would be created under a new key
    while it still runs under the old one, unless --create-beside names it.

    Credentials: an MFA code is asked for on the terminal, unless the AWS CLI has a session. Credentials that expire
    during a deployment are looked up again; where there are no others, the stack is left running.

    Clean-up: an update creates new resources first and then deletes the old ones. What cannot be deleted is a
    warning, or exit code 9 with --strict. --no-cleanup-wait does not wait for it; `aurora-cfn events --follow` does.

    Exit codes: 0 deployed or nothing to change, 1 declined, stale template or plan, lint error, nothing to change
    with --fail-on-empty, 3 wrong params, 4 AWS refused, 5 a stack failed, 6 data would be lost, or the stack of another
    project, 7 busy or left running, 9 deployed, but with --strict something was left behind, 10 a stack is stuck,
    11 AWS is known to refuse a change.

    \b
    Examples:
      aurora-cfn deploy --env local --yes
      aurora-cfn deploy --env dev --dry-run
      aurora-cfn deploy --env production --stack aurora-serverless
      aurora-cfn deploy --env production --plan plan.json
      aurora-cfn deploy --apply plan.json
      aurora-cfn deploy --env staging --yes --log-format json 2> deploy.ndjson
    """
    check_combination(ctx)
    if discard_file:
        from aurora_cfn.cli.runs.apply_plan import discard_plan

        discard_plan(discard_file, ctx.params["env"], aws, log_format)
        return
    if not (yes or dry_run or plan_file):
        need_terminal("add --yes to deploy without being asked, or --dry-run to only look")
    from aurora_cfn.cli.runs.results import empty_code, exit_code
    from aurora_cfn.deploy.context import Choices

    choices = Choices(
        dry_run=dry_run,
        disable_rollback=disable_rollback,
        on_failure=(on_failure or "").upper().replace("-", "_"),
        express=express,
        timeout=timeout and timeout * 60,
        allow=allow_replace,
        tried=try_anyway,
        take_over=take_over,
        create_beside=create_beside,
        preflight=not no_preflight,
        snapshot=not no_snapshot,
        strict=strict,
        cleanup_wait=not no_cleanup_wait,
    )
    run, results = _worked(ctx, aws, choices)
    looked = dry_run or plan_file is not None
    if not looked:
        _print_timelines(results, log_format)
        _print_outputs(results)
    in_log = log_format == "json"
    code = exit_code(results, interrupted=run.interrupted, shown=in_log) or empty_code(results, fail=fail_on_empty)
    if not (code or looked or no_proof):
        _prove(run, results, as_json=in_log)
    ctx.exit(code)


def _worked(ctx: click.Context, aws: AwsOptions, choices: Choices) -> tuple[Run, list[StackResult]]:
    """The run and the result of each stack: of a plan that was written or executed, or of the files."""
    from aurora_cfn.cli.runs.run import Run
    from aurora_cfn.cli.runs.target import target

    given = ctx.params
    options = {"yes": given["yes"], "log_format": given["log_format"]}
    chosen = {"with_dependencies": given["with_dependencies"], "parallel": given["parallel"]}
    if given["apply_file"]:
        from aurora_cfn.cli.runs.apply_plan import apply_plan, planned

        file, goal = planned(given["apply_file"], given["env"], aws)
        run = Run(goal, **options)
        return run, apply_plan(run, replace(choices, allow=file.allow), file, given["parallel"])
    run = Run(target(given["env"], aws), **options)
    if given["plan_file"]:
        from aurora_cfn.cli.runs.write_plan import write_plan

        return run, write_plan(run, choices, given["plan_file"], given["stacks"], **chosen)
    from aurora_cfn.cli.runs.deploy import deploy

    return run, deploy(run, choices, given["stacks"], **chosen)


def _prove(run: Run, results: Sequence[StackResult], *, as_json: bool) -> None:
    """Ask the databases of the stacks that were worked on; one that was left alone is not woken up."""
    touched = {row.key: row.stack for row in results if row.touched and row.stack}
    if touched:
        from aurora_cfn.cli.runs.database import prove_databases

        prove_databases(run.target.session, touched, as_json=as_json)


def _print_timelines(results: Sequence[StackResult], log_format: str) -> None:
    from aurora_cfn.cli.terminal.live import print_timeline

    for result in results if log_format == "text" else ():
        print_timeline(result)


def _print_outputs(results: Sequence[StackResult]) -> None:
    from aurora_cfn.report.outputs import outputs_table

    found = {row.key: {out.key: out.value for out in row.stack.outputs} for row in results if row.good and row.stack}
    click.echo(outputs_table(found), nl=False)
