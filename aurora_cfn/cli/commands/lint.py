"""`aurora-cfn lint`: check templates with cfn-lint and the rules about Aurora."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from aurora_cfn.cli.options import Command, optional_environment_option
from aurora_cfn.cli.runs.lint_findings import LintCache, readable_findings
from aurora_cfn.cli.runs.lint_subjects import read_subjects, with_environment
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.facts import STALE_AFTER
from aurora_cfn.facts.offered import facts_day
from aurora_cfn.lint.subject import RULES_FOLDER
from aurora_cfn.model.finding import Finding
from aurora_cfn.project.templates import not_rendered, template_name
from aurora_cfn.project.user_cache import offered_file
from aurora_cfn.report.findings import FORMATS, SEVERITIES, counts, findings_text, summary_text

_COLORS = {"error": "red", "warning": "yellow", "info": "cyan"}
_SEVERITY = re.compile(r"(?<=: )(error|warning|info)(?= [EWI]\d+: )")


def _prints(option: str, text: Callable[[Any], str], **settings: Any) -> Callable[[Command], Command]:
    """An option that prints the text of its value and ends the command; other options have no effect then."""

    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            write_stdout(text(value), nl=False)
            ctx.exit()

    return click.option(option, is_eager=True, expose_value=False, callback=callback, **settings)


def _rules(_asked: bool) -> str:
    from aurora_cfn.lint.catalogue import catalogue

    return "".join(f"{row.id}  {row.about}\n" for row in catalogue())


def _explained(rule: str) -> str:
    from aurora_cfn.lint.catalogue import explained

    return explained(rule)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@optional_environment_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs.")
@_prints("--list-rules", _rules, is_flag=True, help="Print the id and the subject of every rule of ours.")
@_prints("--explain", _explained, metavar="ID", help="Print what a rule is about, why, and what to do.")
@_prints("--rules-folder", lambda _: f"{RULES_FOLDER}\n", is_flag=True,
         help="Print the folder of the rules, for cfn-lint --append-rules.")  # fmt: skip
def command(
    paths: tuple[Path, ...], env: str | None, form: str, strict: bool, no_cache: bool
) -> int:  # fmt: skip
    """Check templates with cfn-lint and the rules about Aurora. PATH is a file, a folder or - (standard input);
    templates/ by default.

    With --env, each template is checked with the values of every stack of the environment that uses it, and so is the
    SQL of stacks with MySQL: in own handlers, and in the SQL files that after_deploy names. A .cfnlintrc file has no
    effect; to suppress a finding in a template, name it with a reason in the template's Metadata.

    Where cfn-lint is installed in the same Python environment, it can run these rules by itself: see the last
    example.

    Exit codes: 0 no error, 1 errors (with --strict also warnings), 2 wrong usage, 3 a file cannot be read or is not a
    template.

    \b
    Examples:
      aurora-cfn lint
      aurora-cfn lint --env production --strict
      aurora-cfn lint --explain E9024
      aurora-cfn lint --format sarif > lint.sarif
      cfn-lint --append-rules "$(aurora-cfn lint --rules-folder)" db.yaml
    """
    subjects, outside, missing = read_subjects(paths), tuple[Finding, ...](), list[Complaint]()
    if env is not None:
        from aurora_cfn.cli.runs.check_dialect import dialect_findings
        from aurora_cfn.cli.runs.target import project_templates, read_environment

        known = project_templates()
        environment = read_environment(env, templates=known)
        named = {template_name(Path(subject.path)) for subject in subjects}
        outside = dialect_findings([row for row in environment.stacks if row.template in named], known)
        subjects = with_environment(subjects, environment)
        write_stderr(findings_text(environment.unused), nl=False)
        missing = [] if paths else not_rendered(map(known.path, environment.templates))
    today = datetime.now(UTC).date()
    readable, findings, complaints = readable_findings(subjects, today, LintCache(None) if no_cache else None)
    findings += outside
    templates = len({subject.path for subject in readable})
    text = FORMATS[form](findings, templates)
    write_stdout(_coloured(text) if form == "text" else text, nl=False)
    write_stderr(summary_text(findings, templates=templates))
    if form == "text" and findings and is_terminal(sys.stderr):
        worst = min(findings, key=lambda row: SEVERITIES.index(row.severity))
        write_stderr(f"what a rule is about, and why: aurora-cfn lint --explain {worst.rule}")
    _warn_about_age(today)
    if complaints or missing:
        raise InputError([*complaints, *missing])
    found = counts(findings)
    return 1 if found["error"] or (strict and found["warning"]) else 0


def _coloured(text: str) -> str:
    """The text with coloured severities; click removes the colours if the output is no terminal."""
    return _SEVERITY.sub(lambda found: click.style(found[0], fg=_COLORS[found[0]]), text)


def _warn_about_age(today: date) -> None:
    """Warn on stderr if the facts about engine versions are old."""
    as_of = facts_day(offered_file())
    if today - as_of > STALE_AFTER:
        what = f"the facts about engine versions are of {as_of}: renew them with `aurora-cfn facts refresh`"
        write_stderr(f"{click.style('warning:', fg='yellow')} {what}")
