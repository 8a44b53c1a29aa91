"""Somebody else's operation began on the stack between our look at it and our order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.plan import DesiredStack

GONE = frozenset({"ChangeSetNotFound", "ChangeSetNotFoundException"})
"""Executing a change set deletes all others of the stack (CloudFormation API Reference, ExecuteChangeSet, 2026-11)."""
UNDER_WAY = "_IN_PROGRESS state"


@contextmanager
def overtaken(engine: Engine, desired: DesiredStack, when: str) -> Iterator[None]:
    """Raise BusyError where AWS refuses what is asked inside because something else was executed on the stack."""
    try:
        yield
    except AwsError as error:
        if error.code not in GONE and UNDER_WAY not in str(error):
            raise
        follow = f"`aurora-cfn events {engine.where} --stack {desired.key} --follow` shows it"
        raise BusyError(
            f"{desired.name}: something else was executed on it {when} ({follow}); "
            f"nothing of this was executed, deploy again after it: {error}"
        ) from error
