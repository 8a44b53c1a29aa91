"""The preflight checks of one environment, with their ports."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import click

from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.cloudformation import AwsAccount, AwsCloudFormation
from aurora_cfn.aws.names import AwsNames
from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.aws.ssm import SsmParameters
from aurora_cfn.aws.sts import StsCaller
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import bucket_of
from aurora_cfn.cli.terminal.messages import report_failure
from aurora_cfn.deploy.large_template import BODY_BYTES, size
from aurora_cfn.deploy.preflight import Look, Whole, preflight
from aurora_cfn.deploy.preflight.reading import subjects
from aurora_cfn.errors import EXIT_NEGATIVE
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.packaging import uploads_files


def refuse_known_failures(
    target: Target,
    chosen: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    show: Callable[[Sequence[Finding]], None],
) -> None:
    """Show the findings of the checks; ends the command when one is an error."""
    found = preflight_findings(target, chosen, templates)
    show(found)
    if any(row.severity == "error" for row in found):
        report_failure(
            "this cannot succeed, so nothing was sent; --no-preflight deploys without looking", EXIT_NEGATIVE
        )
        raise click.exceptions.Exit(EXIT_NEGATIVE)


def preflight_findings(
    target: Target, chosen: Sequence[EnvironmentStack], templates: Mapping[str, str]
) -> list[Finding]:
    """What would go wrong with these stacks; `templates` are the committed texts by template name. Writes nothing.

    Raises AwsError when GetCallerIdentity fails, which needs no permission: credentials or network are wrong then.
    """
    session = target.session
    identity = StsCaller(session).identity()
    look = Look(AwsDatabases(session), AwsSecrets(session), AwsNames(session), AwsAccount(session), S3Buckets(session))
    ports = AwsCloudFormation(session), SsmParameters(session)
    found, unread = subjects(target.environment, chosen, templates, os.environ, ports)
    code = frozenset(row.key for row in chosen if uploads_files(row, target.templates[row.template]))
    large = frozenset(row.key for row in chosen if size(templates[row.template]) > BODY_BYTES)
    bucket = bucket_of(target) if code or large else None
    here = replace(target.environment, region=target.options.region or target.environment.region)
    return unread + preflight(Whole(here, identity, tuple(found), bucket, code, large), look)
