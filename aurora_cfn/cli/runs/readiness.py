"""What has to be true before anything is sent: committed templates fresh, lint without errors, the right account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info, report_failure, show_findings
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.ports import Caller
from aurora_cfn.project.files import TEMPLATES, read_text
from aurora_cfn.render import stale

EXIT_NEGATIVE = 1


def committed_templates(names: Iterable[str], blueprints: Mapping[str, Blueprint]) -> dict[str, str]:
    """Text of each template by name; ends the command when a file is not what its blueprint renders."""
    wanted = [blueprints[name] for name in dict.fromkeys(names)]
    texts = {row.name: read_text(_path(row.name)) for row in wanted if _path(row.name).is_file()}
    found = stale(wanted, {f"{name}.yaml": text for name, text in texts.items()})
    for item in found:
        what = "is missing" if item.reason == "missing" else "is not what its blueprint renders"
        report_failure(f"{TEMPLATES / item.name} {what}: run `aurora-cfn render`, review and commit", EXIT_NEGATIVE)
    if found:
        raise click.exceptions.Exit(EXIT_NEGATIVE)
    return texts


def _path(name: str) -> Path:
    return TEMPLATES / f"{name}.yaml"


def lint(environment: Environment, stacks: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
    """Say what lint finds with the environment's values; ends the command when there is an error."""
    from aurora_cfn.cli.commands.lint import findings_of
    from aurora_cfn.cli.runs.lint_subjects import stack_subject

    subjects = [
        stack_subject(stack, environment, _path(stack.template).as_posix(), texts[stack.template]) for stack in stacks
    ]
    findings = findings_of(subjects, today=datetime.now(UTC).date())
    errors = [finding for finding in findings if finding.severity == "error"]
    show_findings(findings)
    if errors:
        report_failure("lint found errors; nothing was sent", EXIT_NEGATIVE)
        raise click.exceptions.Exit(EXIT_NEGATIVE)


def check_account(environment: Environment, caller: Caller) -> str:
    """ARN of the caller. Raises InputError when it is not in the environment's account."""
    account, arn = caller.identity()
    if environment.account and account != environment.account:
        what = (
            f"{environment.path} belongs to the account {environment.account}, but these credentials are of {account}"
        )
        raise InputError(f"{what} ({arn}): nothing was sent; check --profile")
    return arn


def checked_account(target: Target, tell: Callable[[str], None] = info) -> str:
    """Have it said who asks, before anything is written; the caller's ARN. Raises as `check_account`.

    Empty for the emulator, which has no accounts to mix up.
    """
    if target.local:
        return ""
    from aurora_cfn.aws.sts import StsCaller

    arn = check_account(target.environment, StsCaller(target.session))
    tell(f"{target.environment.name}: {target.environment.region}, as {arn}")
    return arn
