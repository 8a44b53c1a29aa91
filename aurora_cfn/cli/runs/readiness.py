"""The checks before anything is sent: current templates, no lint errors, the right account, no known failure."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aurora_cfn.aws.account import StsCaller
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import end_command, info, report_failure, show_findings
from aurora_cfn.deploy.context import Choices
from aurora_cfn.environment import shell_complaints
from aurora_cfn.errors import EXIT_NEGATIVE, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.project.files import read_text
from aurora_cfn.project.templates import ProjectTemplates
from aurora_cfn.template.header import header_of

FRESH = 5.0
"""Seconds for which a list of stacks is good enough to know that a stack does not exist. One that is created meanwhile
is safe: CloudFormation refuses to create it a second time."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The names of the account's stacks, as they were at a time of the clock (seconds)."""

    names: frozenset[str]
    at: float

    def lacks(self, name: str, now: float) -> bool:
        """Whether there was no stack of that name a moment ago."""
        return name not in self.names and now - self.at <= FRESH


@dataclass(frozen=True, slots=True)
class Ready:
    """The stacks that passed every check, by key, with the code of their functions and the ARN of the caller.

    `caller` is empty for the emulator. `allow` and `tried` are the names of `--allow-replace`
    and `--try-anyway`, each with its stack. `listing` is None where the stacks of the account were not listed.
    """

    stacks: Mapping[str, DesiredStack]
    code: Code
    caller: str
    allow: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    listing: Listing | None = None


def checked_files(target: Target, chosen: Sequence[EnvironmentStack], choices: Choices) -> dict[str, str]:
    """Text of each template by name, after every check that needs only files; nothing in AWS is called.

    Raises InputError for params; ends the command where a template is stale or has lint errors.
    """
    environment = target.environment
    if choices.express and not environment.express:
        raise InputError(f"{environment.path} does not allow express mode: it needs `express: true`")
    unset = shell_complaints(chosen, environment, target.templates, os.environ)
    if unset:
        raise InputError(unset)
    texts = committed_templates([row.template for row in chosen], target.templates)
    lint(environment, chosen, texts)
    return texts


def check_in_aws(run: Run, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str], choices: Choices) -> None:
    """Ask AWS, or the emulator, whether the deployment can succeed; ends the command when it certainly cannot."""
    if choices.preflight:
        # Imported here: the checks need clients of five more services.
        from aurora_cfn.cli.runs.preflight import refuse_known_failures
        from aurora_cfn.review.consent import Consent

        consent = Consent(choices.allow, choices.tried, run.clock.now().date())
        refuse_known_failures(run.target, chosen, texts, run.console.findings, consent)


def desired_stacks(
    target: Target, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str], code: Code
) -> dict[str, DesiredStack]:
    """The stacks as they should be, by key; their templates have the addresses of uploaded files."""
    return {row.key: target.desired(row, code.template(row.key, texts[row.template])) for row in chosen}


def committed_templates(names: Iterable[str], templates: ProjectTemplates) -> dict[str, str]:
    """Text of each template by name; ends the command when a file is missing, or was rendered and then edited.

    A template that an older version rendered is deployed as it is: an upgrade of this tool changes no stack.
    """
    wanted = list(dict.fromkeys(names))
    texts = {name: read_text(templates.files[name]) for name in wanted if name in templates.files}
    problems = [problem for name in wanted if (problem := _problem(templates.path(name), texts.get(name)))]
    for problem in problems[:-1]:
        report_failure(problem, EXIT_NEGATIVE)
    if problems:
        end_command(problems[-1])
    return texts


def _problem(path: Path, text: str | None) -> str | None:
    if text is None:
        return f"{path} is missing: run `aurora-cfn render`, review and commit"
    header = header_of(text)
    if header is None or not header.edited:
        return None
    return (
        f"{path} was edited after it was rendered: run `aurora-cfn render --force {header.blueprint}` to discard the "
        "edit, or delete the lines of its header to make the template yours"
    )


def lint(environment: Environment, stacks: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
    """Show what lint finds with the environment's values; ends the command when there is an error."""
    from aurora_cfn.cli.runs.lint_findings import findings_of
    from aurora_cfn.cli.runs.lint_subjects import stack_subject, unused_values

    if environment.fleet:
        from aurora_cfn.fleet.client_entry import without_repeats

        stacks = without_repeats(stacks)
    subjects = [stack_subject(stack, environment, stack.template_file, texts[stack.template]) for stack in stacks]
    findings = [*unused_values(environment, stacks), *findings_of(subjects, today=datetime.now(UTC).date())]
    errors = [finding for finding in findings if finding.severity == "error"]
    show_findings(findings)
    if errors:
        end_command("lint found errors; nothing was sent (what is meant to be so: aurora-cfn docs reviewing#lint)")


def check_account(target: Target) -> str:
    """ARN of the caller, empty for the emulator, where no account can be confused with another.

    Raises InputError when the caller is not in the environment's account.
    """
    if target.local:
        return ""
    environment = target.environment
    account, arn = StsCaller(target.session).identity()
    if environment.account and account != environment.account:
        what = (
            f"{environment.path} belongs to the account {environment.account}, but these credentials are of {account}"
        )
        raise InputError(f"{what} ({arn}): nothing was sent; check --profile")
    return arn


def checked_account(target: Target, show: Callable[[str], None] = info) -> str:
    """The caller's ARN, which `show` gets in a line, before anything is changed. Raises as `check_account`."""
    arn = check_account(target)
    if arn:
        show(f"{target.environment.name}: {target.environment.region}, as {arn}")
    return arn
