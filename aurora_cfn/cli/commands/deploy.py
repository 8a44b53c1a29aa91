"""`aurora-cfn deploy`: create or update the stacks of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from aurora_cfn.cli.deploy_options import check_combination, choices_of, deploy_options
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.model.plan import StackResult

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.run import Run


@click.command()
@deploy_options
def command(aws: AwsOptions, **given: Any) -> int:
    """Create or update the stacks of an environment, each with a change set that is shown and approved.

    First the params file is checked, the committed templates are compared with their blueprints and linted, the
    account is checked, and AWS is asked what would go wrong (see doctor). Then, for each stack: create the change
    set, show it, ask, take a snapshot of each database that is upgraded, replaced or removed, execute exactly that
    change set, and show the events. Independent stacks run in parallel. The outputs go to stdout, and at the end
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
    while it still runs under the old one, or in the region that the params file named before or that --region
    overrides, unless --create-beside names it.

    Credentials: an MFA code is asked for on the terminal, unless the AWS CLI has a session. Credentials that expire
    during a deployment are looked up again; where there are no others, the stack is left running.

    A stack whose creation failed (ROLLBACK_COMPLETE) has to be deleted before it can be created again. On a terminal
    deploy names what stays and asks; --yes alone refuses (exit code 6), and --recreate deletes and creates it.

    Clean-up: an update creates new resources first and then deletes the old ones. What cannot be deleted is a
    warning, or exit code 9 with --strict. --no-cleanup-wait does not wait for it; `aurora-cfn events --follow` does.

    Migrations: the `after_deploy` of a stack, such as [dbmate, up], is run at the end on its database, after asking,
    and also where the stack did not change; it gets the login as with `run`. If it fails, what was deployed stays.

    Exit codes: 0 deployed or nothing to change, 1 declined, stale template or plan, lint error, nothing to change
    with --fail-on-empty, 3 wrong params or a plan of another place, 4 AWS refused, 5 a stack or its after_deploy
    failed, 6 data would be lost, or the stack of another project, 7 busy or left running, 9 deployed, but with
    --strict something was left behind, 10 a stack is stuck, 11 AWS is known to refuse a change.

    \b
    Examples:
      aurora-cfn deploy --env local --yes
      aurora-cfn deploy --env dev --dry-run
      aurora-cfn deploy --env production --stack aurora-serverless
      aurora-cfn deploy --env production --plan plan.json
      aurora-cfn deploy --apply plan.json
      aurora-cfn deploy --env staging --yes --log-format json 2> deploy.ndjson
    """
    check_combination(given)
    if given["discard_file"]:
        from aurora_cfn.cli.runs.apply_plan import discard_plan

        discard_plan(given["discard_file"], given["env"], aws, given["log_format"])
        return 0
    only_looks = given["dry_run"] or given["plan_file"] is not None
    need_terminal(
        "add --yes to deploy without being asked, or --dry-run to only look", unless=given["yes"] or only_looks
    )
    from aurora_cfn.cli.runs.results import empty_code, show_results, touched

    run, results = _run_and_results(given, aws)
    in_log = given["log_format"] == "json"
    if not only_looks:
        show_results(results, run.target, timelines=not (in_log or run.console.draws_resources))
    code = run.exit_code(results, shown=in_log)
    code = code or empty_code(results, fail=given["fail_on_empty"])
    if not (code or only_looks or given["no_proof"]):
        from aurora_cfn.cli.runs.database import deployed_databases, prove_databases

        # Only those that were worked on: a statement would wake up a database that pauses.
        found = {key: deployed_databases(run.target, key, stack) for key, stack in touched(results).items()}
        prove_databases(run.target.session, found, as_json=in_log)
    after = any(row.after_deploy for row in run.target.environment.stacks)
    if after and not (code or only_looks or given["no_after_deploy"]):
        from aurora_cfn.cli.runs.after_deploy import run_commands

        code = run_commands(run, results)
    return code


def _run_and_results(given: Mapping[str, Any], aws: AwsOptions) -> tuple[Run, list[StackResult]]:
    """The run and the result of each stack: of a plan that was written or executed, or of the files."""
    from aurora_cfn.cli.runs.run import Run
    from aurora_cfn.cli.runs.target import read_target

    choices = choices_of(given)
    options = {name: given[name] for name in ("yes", "log_format", "events")}
    chosen = {name: given[name] for name in ("with_dependencies", "parallel")}
    if given["apply_file"]:
        from aurora_cfn.cli.runs.apply_plan import apply_plan, planned

        file, target = planned(given["apply_file"], given["env"], aws)
        run = Run(target, **options)
        return run, apply_plan(run, replace(choices, allow=file.allow, tried=file.tried), file, given["parallel"])
    run = Run(read_target(given["env"], aws), **options)
    if given["plan_file"]:
        from aurora_cfn.cli.runs.write_plan import write_plan

        return run, write_plan(run, choices, given["plan_file"], given["stacks"], **chosen)
    from aurora_cfn.cli.runs.deploy import deploy

    if any(row.after_deploy for row in run.target.environment.stacks) and not (
        given["dry_run"] or given["no_after_deploy"]
    ):
        from aurora_cfn.cli.runs.after_deploy import check_commands

        check_commands(run.target, given["stacks"])
    return run, deploy(run, choices, given["stacks"], **chosen)
