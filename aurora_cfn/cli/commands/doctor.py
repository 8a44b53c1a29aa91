"""`aurora-cfn doctor`: check with AWS whether an environment can be deployed."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, format_option, stack_option
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.errors import EXIT_NEGATIVE


@click.command()
@environment_option
@stack_option
@format_option
@aws_options
def command(env: str, stacks: tuple[str, ...], form: str, aws: AwsOptions) -> int:
    """Ask AWS whether an environment can be deployed; it only reads and changes nothing.

    It checks the credentials, updates that are known to fail, the secrets that templates read and their keys (never
    their values), engine versions and capacities on offer, features that the region lacks, running versions that are
    newer than the template's, exports that would be removed while in use, quotas, names that are taken, deletion
    protection of databases that would be removed, code of functions that was replaced by hand or by `dev`, and the
    bucket for code and large templates. A missing permission is
    reported, and the other checks continue; `aurora-cfn permissions doctor` prints the policy that all of them need.

    Exit codes: 0 nothing prevents it, 1 an error was found, 3 wrong params, 4 AWS cannot be reached.

    \b
    Examples:
      aurora-cfn doctor --env production
      aurora-cfn doctor --env dev --stack aurora-serverless --format json
    """
    from aurora_cfn.cli.runs.function_code import code_findings
    from aurora_cfn.cli.runs.preflight import preflight_of
    from aurora_cfn.cli.runs.readiness import committed_templates
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.deploy.desired import selected
    from aurora_cfn.report.findings import findings_json, findings_text, summary_text
    from aurora_cfn.review.consent import Consent

    target = read_target(env, aws)
    chosen = selected(target.environment, stacks)
    texts = committed_templates((row.template for row in chosen), target.templates)
    consent = Consent((), (), datetime.now(UTC).date())
    found = [*preflight_of(target, chosen, texts, consent).findings, *code_findings(target, chosen)]
    if form == "json":
        write_stdout(findings_json(found, templates=len(texts)), nl=False)
    else:
        write_stdout(findings_text(found), nl=False)
        write_stderr(f"{env}: {summary_text(found, templates=len(texts))}")
    return EXIT_NEGATIVE if any(row.severity == "error" for row in found) else 0
