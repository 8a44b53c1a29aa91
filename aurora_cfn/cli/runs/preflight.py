"""The preflight checks of one environment, with their ports."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.aws.account import AwsAccount, AwsNames, StsCaller
from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import bucket_of
from aurora_cfn.cli.terminal.messages import end_command
from aurora_cfn.deploy.large_template import BODY_BYTES, size
from aurora_cfn.deploy.preflight import (
    CheckPorts,
    WholeRun,
    exports,
    known_failures,
    preflight,
    protection,
    quotas,
    running,
)
from aurora_cfn.deploy.preflight.reading import subjects
from aurora_cfn.errors import EXIT_NEGATIVE, KnownFailureError
from aurora_cfn.model.change import Refusal
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.packaging import uploads_files
from aurora_cfn.project.user_cache import offered
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.guard import refused_code

KNOWN_TO_FAIL = frozenset(
    {known_failures.NAME, known_failures.NEEDS_CONSENT, exports.NAME, protection.NAME, running.NAME, quotas.NAME}
)
"""Checks whose errors AWS would raise too: a deployment with no other errors is known to fail."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """What would go wrong, and the changes that are refused because one of them is known to fail."""

    findings: Sequence[Finding]
    refusals: Sequence[Refusal] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of a deployment that is refused for it; 0 without an error."""
        errors = {row.rule for row in self.findings if row.severity == "error"}
        if not errors <= KNOWN_TO_FAIL:
            return EXIT_NEGATIVE
        return refused_code(self.refusals) or (KnownFailureError.exit_code if errors else 0)


def refuse_known_failures(
    target: Target,
    chosen: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    show: Callable[[Sequence[Finding]], None],
    consent: Consent,
) -> None:
    """Show what would go wrong; ends the command when a finding is an error."""
    found = preflight_of(target, chosen, templates, consent)
    show(found.findings)
    if found.exit_code:
        remedy = "--try-anyway" if found.refusals else "--no-preflight"
        what = "executes such a change anyway" if found.refusals else "deploys without looking"
        end_command(f"this cannot succeed, so nothing was sent; {remedy} {what}", found.exit_code)


def preflight_of(
    target: Target, chosen: Sequence[EnvironmentStack], templates: Mapping[str, str], consent: Consent
) -> Preflight:
    """What would go wrong with these stacks; `templates` are the committed texts by template name. Writes nothing.

    Raises AwsError when GetCallerIdentity fails, which needs no permission: credentials or network are wrong then.
    """
    session = target.session
    identity = StsCaller(session).identity()
    checked = CheckPorts(
        target.databases, AwsSecrets(session), AwsNames(session), AwsAccount(session), S3Buckets(session)
    )
    ports = target.cloudformation, target.ssm_parameters
    found, unread = subjects(target.environment, chosen, templates, os.environ, ports)
    refused = [known_failures.refused(one, consent, offered()) for one in found]
    known = [row for one, rows in zip(found, refused, strict=True) for row in known_failures.findings(one, rows)]
    found = [known_failures.judged(one, rows, consent) for one, rows in zip(found, refused, strict=True)]
    code = frozenset(row.key for row in chosen if uploads_files(row, target.templates[row.template]))
    large = frozenset(row.key for row in chosen if size(templates[row.template]) > BODY_BYTES)
    bucket = bucket_of(target) if code or large else None
    here = replace(target.environment, region=target.options.region or target.environment.region)
    rest = preflight(WholeRun(here, identity, tuple(found), bucket, code, large), checked)
    return Preflight([*unread, *known, *rest], [row for rows in refused for row in rows])
