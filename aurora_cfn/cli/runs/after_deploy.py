"""The `after_deploy` commands of stacks: checked before a deployment, run after it on the database of their stack."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.runs.check_dialect import warn_of_migrations
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import check_reachable, found_program
from aurora_cfn.cli.runs.database_login import login_of, network_advice
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.run_program import start_program
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import EXIT_NEGATIVE, AuroraCfnError, DeployError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import StackResult
from aurora_cfn.operate.child_environment import DEFAULT_FORMS


def check_commands(target: Target, stacks: Sequence[str]) -> None:
    """Raise InputError if a command that would be run is not installed; warn of SQL that Aurora MySQL refuses."""
    for row in selected(target.environment, stacks):
        if row.after_deploy:
            place = f"{target.environment.path}: stacks.{row.key}.after_deploy"
            found_program(row.after_deploy[0], f"{place} runs it; install it, or leave it out with --no-after-deploy")
    warn_of_migrations(target, stacks)


def run_commands(run: Run, results: Sequence[StackResult]) -> int:
    """Run the command of each stack after agreement, unchanged stacks too: migrations are files of their own.

    The exit code: 0, or 1 where one was declined. Raises DeployError for one that failed; later ones are not run.
    """
    environment = run.target.environment
    declined = False
    for result in results:
        row = environment.stack(result.key)
        if row is None or not row.after_deploy or not result.good:
            continue
        if run.questions.agreed(f"Run `{shlex.join(row.after_deploy)}` on the database of {row.name}?"):
            _run(run, row)
        else:
            info(f"not run on {row.name}: {shlex.join(row.after_deploy)}")
            declined = True
    return EXIT_NEGATIVE if declined else 0


def _run(run: Run, row: EnvironmentStack) -> None:
    shown = shlex.join(row.after_deploy)
    again = f"aurora-cfn run --env {run.target.environment.name} --stack {row.key} -- {shown}"
    stays = f"what was deployed stays; again: {again}"
    try:
        access = DatabaseAccess(run.target)
        login = login_of(access, LoginOptions(stack=row.key))
        database = login.database
        check_reachable(database.host, database.port, network_advice(database, run.target.environment.name))
        words = [found_program(row.after_deploy[0], "install it"), *row.after_deploy[1:]]
        # stdout is for the outputs of the stacks.
        code = start_program(access, login, DEFAULT_FORMS, words, "", to_stderr=True)
    except AuroraCfnError as error:
        raise DeployError(f"{row.name} is deployed, but `{shown}` was not run: {error}\n  {stays}") from error
    if code:
        raise DeployError(f"{row.name} is deployed, but `{shown}` ended with exit code {code}\n  {stays}")
