"""CloudFormation's own word on a difference: a change set that is taken back."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from secrets import token_hex

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.differing import Live
from aurora_cfn.cli.process import is_gone, this_process
from aurora_cfn.cli.target import Target
from aurora_cfn.cli.uploading import uploads
from aurora_cfn.deploy.engine import Choices, Engine
from aurora_cfn.deploy.preview import Silent, previewed
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.model.change import Change
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.review.deployed import Wanted
from aurora_cfn.review.reconcile import reconciled


def live_changes(target: Target) -> Live:
    """What finds the changes of a stack with a change set; a template that is too large needs a bucket that is there.

    What it gives raises what `prepare` raises, DeclinedError where there is no bucket.
    """
    return partial(_with_change_set, uploads(target, lambda _: False))


def _with_change_set(
    bucket: Uploads,
    cloudformation: AwsCloudFormation,
    desired: DesiredStack,
    wanted: Wanted,
    stack: Stack | None,
    found: tuple[Change, ...],
) -> tuple[Change, ...]:
    """The changes found, with what the change set tells of them."""
    silent = Silent()
    engine = Engine(
        cloudformation,
        SystemClock(),
        silent,
        approve=lambda _: False,
        consent=lambda _: False,
        run=f"diff-{token_hex(4)}",
        environment=PurePath(desired.path).stem,
        uploads=bucket,
        choices=Choices(dry_run=True),
        mark=this_process().mark,
        gone=is_gone,
    )
    given = {name: value for name, value in wanted.parameters.items() if isinstance(value, str)}
    change_set = previewed(engine, desired, given, stack)
    for warning in silent.warnings:
        click.echo(f"{click.style('warning:', fg='yellow')} {warning}", err=True)
    secrets = {given[name] for name in wanted.secrets if name in given}
    return found if change_set is None else reconciled(found, change_set, secrets)
