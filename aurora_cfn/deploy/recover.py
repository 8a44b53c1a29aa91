"""The safe operation for each status that blocks a deployment; nothing is done without consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.delete_stack import delete
from aurora_cfn.deploy.failure import failed, why_failed
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.stack_status import NOT_ROLLED_BACK, ROLLED_BACK, ROLLED_BACK_CREATION, stack_status
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.deploy.watch.record import Record
from aurora_cfn.deploy.write_calls import ordered
from aurora_cfn.errors import InputError, StuckError
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import Stack, StackResource


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the options allow: resources to `skip` in a rollback, to `retain` in a deletion, and whether to delete."""

    skip: tuple[str, ...] = ()
    retain: tuple[str, ...] = ()
    delete: bool = False


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery of one stack.

    `named` is called before a stack is deleted with its resources: whether the person has given its full name, which
    protected environments demand.
    """

    context: Context
    key: str
    stack: Stack
    allowed: Allowed
    named: Callable[[str], bool] = lambda _: True

    def run(self) -> StackResult:
        """The result. Raises DeployError when the operation failed or only the console can do it, InputError for a
        name in the options that is no resource of the stack.
        """
        move = MOVES.get(stack_status(self.stack).recovery)
        if move is None:
            return StackResult(self.key, self.stack.name, "unchanged", stack=self.stack)
        claim(self.context, self.key, self.stack, "recover")
        resources = self.context.cloudformation.resources(self.stack.arn)
        self._refuse_unknown(resources)
        return move(self, resources)

    def result(self, done: bool) -> StackResult:
        """The result after an operation that was done, or was declined."""
        return StackResult(self.key, self.stack.name, "recovered" if done else "declined")

    def consents(self, *lines: str) -> bool:
        """The answer to the question in the last line; the others say what it is about."""
        return self.context.consent("\n".join(lines))

    def watch(self, word: str, start: Callable[[str], None]) -> None:
        """Start an operation with a token that ends in `word`, and follow it. Raises DeployError when it fails."""
        token = f"{self.context.token}-{word}"
        # Before the call, as in every operation: events after this one are its own.
        since = self.context.cloudformation.newest_event(self.stack.arn)
        record = Record(self.context.listener, self.key)
        ordered(self.context, self.key, self.stack.name, lambda: start(token), self._begun)
        end = follow(self.context, self.stack.arn, since, record, token=token)
        if end.status not in ROLLED_BACK:
            raise failed(end.status, why_failed(self.context, self.stack.name, end, record.events))

    def _begun(self) -> bool:
        # A repair leaves the failed status at once, so any other one shows that the call was accepted.
        found = self.context.cloudformation.stack(self.stack.arn)
        return found is not None and found.status != self.stack.status

    def _refuse_unknown(self, resources: Sequence[StackResource]) -> None:
        known = [row.logical_id for row in resources]
        wrong = [name for name in (*self.allowed.skip, *self.allowed.retain) if name not in known]
        if wrong:
            raise InputError(f"{self.stack.name} has no resource {', '.join(wrong)}; it has {', '.join(known)}")


def _roll_back(recovery: Recovery, resources: Sequence[StackResource]) -> StackResult:
    """RollbackStack: back to the last stable state."""
    name, context = recovery.stack.name, recovery.context
    agreed = recovery.consents(
        f"{name} is in {recovery.stack.status} with rollback switched off. It has:",
        *_listed(resources),
        f"Roll {name} back to its last stable state?",
    )
    if agreed:
        arn, role = recovery.stack.arn, context.role_of(recovery.stack)
        recovery.watch("rollback", lambda token: context.cloudformation.roll_back(arn, token=token, role_arn=role))
    return recovery.result(agreed)


def _continue(recovery: Recovery, resources: Sequence[StackResource]) -> StackResult:
    """ContinueUpdateRollback: only resources named with --skip are skipped, none automatically."""
    # ResourcesToSkip takes only resources in UPDATE_FAILED (API reference, ContinueUpdateRollback).
    stuck = [row for row in resources if row.status == NOT_ROLLED_BACK]
    skip, name, context = recovery.allowed.skip, recovery.stack.name, recovery.context
    wrong = [one for one in skip if one not in {row.logical_id for row in stuck}]
    if wrong:
        raise InputError(f"only resources in UPDATE_FAILED can be skipped, and these are not: {', '.join(wrong)}")
    how = f"skipping {', '.join(skip)}, which stay as they are now" if skip else "trying every resource again"
    agreed = recovery.consents(
        f"{name} is in UPDATE_ROLLBACK_FAILED. Not rolled back:",
        *_listed(stuck),
        "  If it fails again, correct what the reason says, or name what may be left as it is with --skip.",
        f"Continue the rollback of {name}, {how}?",
    )
    if agreed:
        arn, role = recovery.stack.arn, context.role_of(recovery.stack)
        recovery.watch(
            "continue",
            lambda token: context.cloudformation.continue_rollback(arn, token=token, skip=skip, role_arn=role),
        )
    return recovery.result(agreed)


def _delete_again(recovery: Recovery, resources: Sequence[StackResource]) -> StackResult:
    """DeleteStack once more; only resources named with --retain are left out of it."""
    left = [row for row in resources if row.exists]
    retain, name = recovery.allowed.retain, recovery.stack.name
    how = f"leaving {', '.join(retain)} outside of any stack" if retain else "with everything in it"
    agreed = recovery.consents(
        f"{name} is in DELETE_FAILED. Still there:",
        *_listed(left),
        "  What cannot be deleted can be left out of the deletion with --retain.",
        f"Delete {name} again, {how}?",
    )
    agreed = agreed and recovery.named(name)
    if agreed:
        delete(recovery.context, recovery.key, recovery.stack, retain=retain)
    return recovery.result(agreed)


def _delete(recovery: Recovery, resources: Sequence[StackResource]) -> StackResult:
    """Delete a stack whose creation failed; with resources in it only with --delete.

    For CREATE_FAILED too: there is no stable state to roll back to, and RollbackStack deletes such a stack.
    """
    left = [row for row in resources if row.exists]
    name, rolled_back = recovery.stack.name, recovery.stack.status == ROLLED_BACK_CREATION
    if not recovery.allowed.delete and not rolled_back:
        what = "\n".join([f"{name} is in {recovery.stack.status}. Still there:", *_listed(left)])
        raise StuckError(f"{what}\n  it can only be deleted: look at these first, then add --delete")
    unlock = recovery.stack.protected and rolled_back
    agreed = recovery.consents(
        f"{name} is in {recovery.stack.status}: its creation failed. Still there:",
        *_listed(left),
        *(["  Its termination protection is switched off for that."] if unlock else []),
        f"Delete {name}?",
    )
    # After a rollback only retained resources are left, which the deletion does not touch: no name is asked for.
    agreed = agreed and (rolled_back or recovery.named(name))
    if agreed and unlock:
        recovery.context.cloudformation.set_protection(recovery.stack.arn, on=False)
    if agreed:
        delete(recovery.context, recovery.key, recovery.stack)
    return recovery.result(agreed)


def _by_hand(recovery: Recovery, _: Sequence[StackResource]) -> StackResult:
    raise StuckError(
        f"{recovery.stack.name} is in {recovery.stack.status}: correct the resource that its events name, then "
        "continue in the CloudFormation console; no API call does it"
    )


def _listed(resources: Sequence[StackResource]) -> Iterator[str]:
    if not resources:
        yield "  nothing"
    for row in resources:
        reason = f": {' '.join(row.reason.split())}" if row.reason else ""
        yield f"  {row.logical_id} ({row.type}) {row.physical_id or '-'} {row.status}{reason}"


MOVES: dict[str, Callable[[Recovery, Sequence[StackResource]], StackResult]] = {
    "delete": _delete,
    "roll back": _roll_back,
    "continue rollback": _continue,
    "delete again": _delete_again,
    "console": _by_hand,
}
"""The operation for each `recovery` in the table of statuses; `nothing` and `wait` need none."""
