"""One run of `deploy --discard`: the change sets of a plan file are taken back."""

from __future__ import annotations

from pathlib import Path

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.project import read_text
from aurora_cfn.cli.readiness import checked_account
from aurora_cfn.cli.run import Run
from aurora_cfn.cli.target import target
from aurora_cfn.cli.voice import say
from aurora_cfn.deploy.apply import refuse_elsewhere
from aurora_cfn.deploy.discarding import take_back
from aurora_cfn.deploy.engine import Choices
from aurora_cfn.deploy.plan_file import read_plan
from aurora_cfn.errors import InputError


def discard_plan(path: Path, env: str | None, aws: AwsOptions, log_format: str) -> None:
    """Take back what the plan left in AWS; the file stays. Raises InputError, StaleError, AwsError."""
    file = read_plan(read_text(path), str(path))
    if env and env != file.environment:
        raise InputError(f"{path} is a plan of the environment {file.environment}, not of {env}")
    goal = target(file.environment, aws)
    refuse_elsewhere(file, "region", file.region, goal.environment.region)
    run = Run(goal, Choices(), yes=True, log_format=log_format)
    caller = checked_account(goal, run.console.caller)
    refuse_elsewhere(file, "account", file.account, caller.split(":")[4] if caller else file.account)
    engine = run.engine()
    for row in file.stacks:
        run.console.step(row.key, take_back(engine, row))
    if not file.stacks:
        say(f"{path} has no change set to take back")
