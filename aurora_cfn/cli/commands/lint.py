"""`aurora-cfn lint`: what cfn-lint and the rules about Aurora have to say; also how other commands lint."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from aurora_cfn.cli.options import optional_environment_option
from aurora_cfn.cli.runs.lint_cache import LintCache
from aurora_cfn.cli.runs.lint_subjects import check_json, read_subjects, with_environment
from aurora_cfn.cli.runs.target import read_environment
from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.facts import STALE_AFTER
from aurora_cfn.facts.offered import facts_day
from aurora_cfn.lint.subject import RULES_FOLDER, Subject, engine_fingerprint, fingerprint
from aurora_cfn.model.finding import Finding
from aurora_cfn.project.user_cache import cache_folder, offered_file
from aurora_cfn.report.findings import FORMATS, SEVERITIES, counts, summary_text

_COLORS = {"error": "red", "warning": "yellow", "info": "cyan"}
_SEVERITY = re.compile(r"(?<=: )(error|warning|info)(?= [EWI]\d+: )")


def findings_of(
    subjects: Sequence[Subject], *, today: date, cache: LintCache | None = None, offered: Path | None = None
) -> tuple[Finding, ...]:
    """Findings of all subjects in their order, each template's in the order of its lines.

    Known results come from the cache without importing cfn-lint; `cache` and `offered`, what RDS offered, are the
    user's own unless others are given. Raises InputError when a text is not a template.
    """
    offered = offered_file() if offered is None else offered
    asked = offered if offered.is_file() else None
    desk = _Desk(
        LintCache(cache_folder() / "lint") if cache is None else cache, engine_fingerprint(asked), today, asked
    )
    subjects = _distinct(subjects)
    found = [desk.kept(subject) for subject in subjects]
    fresh = desk.linted([row for row, known in zip(subjects, found, strict=True) if known is None])
    results = [next(fresh) if known is None else known for known in found]
    # Two stacks may use one template: what both say is said once.
    return tuple(dict.fromkeys(finding for result in results for finding in result))


def _distinct(subjects: Sequence[Subject]) -> list[Subject]:
    """Each once: stacks with the same template and the same values are one question, which may cost seconds."""
    return list({(row.path, fingerprint(row, "")): row for row in subjects}.values())


def _list_rules(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from aurora_cfn.lint.catalogue import catalogue

        rows = catalogue()
        click.echo("".join(f"{row.id}  {row.about}\n" for row in rows), nl=False)
        ctx.exit()


def _explain(ctx: click.Context, _parameter: click.Parameter, rule: str | None) -> None:
    if rule is not None:
        from aurora_cfn.lint.catalogue import explained

        click.echo(explained(rule), nl=False)
        ctx.exit()


def _rules_folder(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(RULES_FOLDER)
        ctx.exit()


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where results are kept, and what they depend on besides their subject."""

    cache: LintCache
    engine: str
    today: date
    offered: Path | None

    def kept(self, subject: Subject) -> tuple[Finding, ...] | None:
        """The result of an earlier run."""
        text = self.cache.read(fingerprint(subject, self.engine))
        if not text:
            return None
        from aurora_cfn.lint.stored import read_result

        return read_result(text, subject.path, today=self.today)

    def linted(self, subjects: Sequence[Subject]) -> Iterator[tuple[Finding, ...]]:
        """The results of this run, kept for the next one."""
        if not subjects:
            return
        from aurora_cfn.lint.engine import depends_on_files, holds_secret, lint, turning_points
        from aurora_cfn.lint.stored import write_result

        offered = str(self.offered or "")
        for subject, findings in zip(subjects, lint(subjects, today=self.today, offered=offered), strict=True):
            if not (holds_secret(subject) or depends_on_files(subject)):
                points = turning_points(subject, offered=offered)
                text = write_result(findings, today=self.today, turning_points=points)
                self.cache.write(fingerprint(subject, self.engine), text)
            yield findings


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@optional_environment_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs.")
@click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="Print the id and the subject of every rule of ours.",
)
@click.option(
    "--explain",
    metavar="ID",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Print what a rule is about, why, and what to do.",
)
@click.option(
    "--rules-folder",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_rules_folder,
    help="Print the folder of the rules, for cfn-lint --append-rules.",
)
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[Path, ...], env: str | None, form: str, strict: bool, no_cache: bool
) -> None:  # fmt: skip
    """Check templates with cfn-lint and the rules about Aurora. PATH is a file, a folder or - (standard input);
    templates/ by default.

    With --env, each template is checked with the values of every stack of the environment that uses it. A .cfnlintrc
    file has no effect; to suppress a finding, name it with a reason in the template's Metadata.

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
    subjects = read_subjects(paths)
    if env is not None:
        subjects = with_environment(subjects, read_environment(env))
    today = datetime.now(UTC).date()
    readable, findings, complaints = _readable(subjects, today, LintCache(None) if no_cache else None)
    templates = len({subject.path for subject in readable})
    text = FORMATS[form](findings, templates)
    click.echo(_coloured(text) if form == "text" else text, nl=False)
    click.echo(summary_text(findings, templates=templates), err=True)
    if form == "text" and findings and is_terminal(sys.stderr):
        worst = min(findings, key=lambda row: SEVERITIES.index(row.severity))
        click.echo(f"what a rule is about, and why: aurora-cfn lint --explain {worst.rule}", err=True)
    _tell_age(today)
    if complaints:
        raise InputError(complaints)
    found = counts(findings)
    ctx.exit(1 if found["error"] or (strict and found["warning"]) else 0)


def _readable(
    subjects: Sequence[Subject], today: date, cache: LintCache | None
) -> tuple[Sequence[Subject], tuple[Finding, ...], list[Complaint]]:
    """The subjects that can be read, their findings, and what is wrong with the others.

    Raises InputError when none can be read.
    """
    complaints: list[Complaint] = []
    while True:
        try:
            check_json(subjects)
            return subjects, findings_of(subjects, today=today, cache=cache), complaints
        except InputError as error:
            complaints += error.complaints
            faulty = {row.path for row in error.complaints}
            rest = [row for row in subjects if row.path not in faulty]
            if not rest or len(rest) == len(subjects):
                raise InputError(complaints) from None
            subjects = rest


def _coloured(text: str) -> str:
    """The severities in colour; click takes it away where the output is no terminal."""
    return _SEVERITY.sub(lambda found: click.style(found[0], fg=_COLORS[found[0]]), text)


def _tell_age(today: date) -> None:
    """Say on stderr that the facts behind the rules about versions are old."""
    as_of = facts_day(offered_file())
    if today - as_of > STALE_AFTER:
        what = f"the facts about engine versions are of {as_of}: renew them with `aurora-cfn facts refresh`"
        click.echo(f"{click.style('warning:', fg='yellow')} {what}", err=True)
