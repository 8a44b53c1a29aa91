"""`aurora-cfn lint`: what cfn-lint and the rules about Aurora have to say; also how other commands lint."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from aurora_cfn.cli.lint_cache import LintCache
from aurora_cfn.cli.places import cache_folder
from aurora_cfn.cli.project import read_text, template_files
from aurora_cfn.lint.subject import Subject, engine_fingerprint, fingerprint
from aurora_cfn.model.finding import Finding
from aurora_cfn.report.findings import counts, findings_json, findings_text, summary_text
from aurora_cfn.yamltext import decode


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
    found = [desk.kept(subject) for subject in subjects]
    fresh = desk.linted([row for row, known in zip(subjects, found, strict=True) if known is None])
    results = [next(fresh) if known is None else known for known in found]
    # Two stacks may use one template: what both say is said once.
    return tuple(dict.fromkeys(finding for result in results for finding in result))


def offered_file() -> Path:
    """Where `aurora-cfn facts refresh` keeps what RDS offered."""
    return cache_folder() / "facts" / "offered.json"


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
        from aurora_cfn.lint.engine import holds_secret, lint, turning_points
        from aurora_cfn.lint.stored import write_result

        offered = str(self.offered or "")
        for subject, findings in zip(subjects, lint(subjects, today=self.today, offered=offered), strict=True):
            if not holds_secret(subject):
                points = turning_points(subject, offered=offered)
                text = write_result(findings, today=self.today, turning_points=points)
                self.cache.write(fingerprint(subject, self.engine), text)
            yield findings


def read_subjects(paths: Sequence[Path]) -> tuple[Subject, ...]:
    """The templates at the paths: files, folders, `-` for standard input; without paths those of `templates/`.

    Raises InputError for a path that is missing, cannot be read, is too large or is not UTF-8.
    """
    piped = Path("-") in paths
    named = [path for path in paths if path != Path("-")]
    files = template_files(named) if named or not piped else []
    found = [Subject(path.as_posix(), read_text(path)) for path in files]
    if piped:
        found.append(Subject("<stdin>", decode(sys.stdin.buffer.read(), "<stdin>")))
    return tuple(found)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How findings are shown.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], form: str, strict: bool, no_cache: bool) -> None:
    """Check templates with cfn-lint and the rules about Aurora. PATH is a file, a folder or -; templates/ by default.

    Ends with 0 when there is no error, 1 when there is, 3 when a file cannot be read or is not a template.
    A .cfnlintrc has no say; a finding is waived in the template, with a reason.

    \b
    Examples:
      aurora-cfn lint
      aurora-cfn lint templates/network.yaml --strict
      aurora-cfn lint --format json | jq .summary
    """
    subjects = read_subjects(paths)
    cache = LintCache(None) if no_cache else None
    findings = findings_of(subjects, today=datetime.now(UTC).date(), cache=cache)
    click.echo(_shown(findings, form, len(subjects)), nl=False)
    click.echo(summary_text(findings, templates=len(subjects)), err=True)
    found = counts(findings)
    ctx.exit(1 if found["error"] or (strict and found["warning"]) else 0)


def _shown(findings: Sequence[Finding], form: str, templates: int) -> str:
    return findings_json(findings, templates=templates) if form == "json" else findings_text(findings)
