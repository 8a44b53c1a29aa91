"""CloudFormation's own word on a difference: a change set that is taken back."""

from __future__ import annotations

from pathlib import PurePath
from secrets import token_hex

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.preview import Silent, previewed
from aurora_cfn.model.change import Change
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.review.deployed import Wanted
from aurora_cfn.review.reconcile import reconciled


def with_change_set(
    cloudformation: AwsCloudFormation,
    desired: DesiredStack,
    wanted: Wanted,
    stack: Stack | None,
    found: tuple[Change, ...],
) -> tuple[Change, ...]:
    """The changes found, with what the change set tells of them. Raises what `prepare` raises."""
    silent = Silent()
    engine = Engine(
        cloudformation,
        SystemClock(),
        silent,
        approve=lambda _: False,
        consent=lambda _: False,
        run=f"diff-{token_hex(4)}",
        environment=PurePath(desired.path).stem,
    )
    given = {name: value for name, value in wanted.parameters.items() if isinstance(value, str)}
    change_set = previewed(engine, desired, given, stack)
    for warning in silent.warnings:
        click.echo(f"{click.style('warning:', fg='yellow')} {warning}", err=True)
    secrets = {given[name] for name in wanted.secrets if name in given}
    return found if change_set is None else reconciled(found, change_set, secrets)
