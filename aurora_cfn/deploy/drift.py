"""Drift of a stack: detect it, leave out differences that do not count, and revert it to the deployed template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.deploy.as_deployed import as_deployed, request_as_deployed
from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import carry_out
from aurora_cfn.deploy.leftover_change_sets import others
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.deploy.stack_result import as_recorded
from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.errors import EXIT_NEGATIVE, AwsError, BusyError, DeployError
from aurora_cfn.facts.ignored_drift import why_ignored
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.resource_drift import DriftReport, IgnoredProperty, ResourceDrift
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import Clock, Drifts

BLIND = frozenset({"NOT_CHECKED", "UNSUPPORTED", "UNKNOWN"})
"""Statuses of a resource that AWS did not compare."""
ASKED = "you asked to ignore it"


@dataclass(frozen=True, slots=True)
class Detection:
    """One detection, waited for at most `limit` seconds; `stopping` ends the waiting."""

    drifts: Drifts
    clock: Clock
    # Ten minutes: a detection calls the service of each resource, and stacks of databases have few.
    limit: float = 600.0
    stopping: Callable[[], bool] = lambda: False

    def run(self, key: str, stack: Stack, ignore: Sequence[str] = ()) -> DriftReport:
        """What differs. Raises BusyError when it takes longer than the limit, AwsError when AWS could check nothing.

        `ignore` names what is to be ignored: `LogicalId` or `LogicalId/Property`.
        """
        # By ARN: the detection is of this stack, also when another of the same name takes its place.
        number = self.drifts.detect_drift(stack.arn)
        reason = self._finished(stack.name, number)
        found = self.drifts.drifts(stack.arn)
        # A detection that failed for some resources still has results for the others.
        if reason and not found:
            raise AwsError(f"{stack.name}: drift cannot be detected: {reason}", operation="DetectStackDrift")
        return report(key, stack, found, ignore, reason)

    def _finished(self, name: str, number: str) -> str:
        """Why the detection could not check everything; empty when it could."""
        pace, end = Pace(), self.clock.monotonic() + self.limit
        while True:
            found = self.drifts.drift_detection(number)
            if not found.running:
                return (found.reason or "AWS gave no reason") if found.status == "DETECTION_FAILED" else ""
            if self.stopping() or self.clock.monotonic() >= end:
                raise BusyError(f"{name}: drift is still being detected ({number}): ask again later")
            self.clock.sleep(pace.after(news=False))


def report(key: str, stack: Stack, found: Iterable[ResourceDrift], ignore: Sequence[str], reason: str) -> DriftReport:
    """The drifts, sorted into those that count, those that do not, and resources that AWS cannot check."""
    rows, counted, ignored = list(found), [], list[IgnoredProperty]()
    for row in rows:
        kept, dropped = sorted_out(row, ignore)
        ignored += dropped
        counted += [kept] if kept else []
    blind = tuple(row for row in rows if row.status in BLIND)
    return DriftReport(key, stack.name, len(rows), tuple(counted), tuple(ignored), blind, reason)


def sorted_out(row: ResourceDrift, ignore: Sequence[str]) -> tuple[ResourceDrift | None, list[IgnoredProperty]]:
    """The drift with only the properties that count, None when none does; and those that do not, with the reason."""
    if not row.drifted:
        return None, []
    if row.logical_id in ignore:
        return None, [IgnoredProperty(row.logical_id, "", "", "", ASKED)]
    # Of a deleted resource no properties are known, so only its logical id can be ignored.
    if row.status == "DELETED":
        return row, []
    whys = {one: _why(row, one.path, one.expected, one.actual, ignore) for one in row.properties}
    kept = tuple(one for one, why in whys.items() if not why)
    dropped = [
        IgnoredProperty(row.logical_id, one.path, one.expected, one.actual, why) for one, why in whys.items() if why
    ]
    # A resource that drifted without naming properties counts as a whole.
    return (replace(row, properties=kept) if kept or not whys else None), dropped


def _why(row: ResourceDrift, path: str, expected: str, actual: str, ignore: Sequence[str]) -> str:
    place = f"{row.logical_id}{path}"
    if any(place == one or place.startswith(f"{one}/") for one in ignore):
        return ASKED
    return why_ignored(row.type, path, expected, actual)


NOTHING = (
    "CloudFormation reverts none of this drift: properties that cannot change after creation stay as they are, "
    "and the emulator cannot revert drift"
)
IMMUTABLE = "drift of properties that cannot change after creation is not reverted"


@as_recorded
def revert(context: Context, desired: DesiredStack, approve: Approve) -> StackResult:
    """The result of an update with the deployed template, parameters, tags and protection, which reverts the drift."""
    stack = context.cloudformation.stack(desired.name)
    claim(context, desired.key, stack)
    refuse_unready(context, desired, stack)
    if stack is None:
        raise DeployError(f"{desired.name} is not deployed: there is nothing to revert")
    # Only the drift may change: everything else of the request is what the stack has now.
    deployed = as_deployed(context, desired, stack)
    since = context.cloudformation.newest_event(stack.arn)
    notes = (IMMUTABLE, *others(context, deployed, stack).notes)
    request = request_as_deployed(context, deployed, stack, f"drift --env {context.environment.name} --revert")
    change_set = requested(context, deployed, replace(request, revert_drift=True), made_stack=False)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=stack, cause=NOTHING, exit_code=EXIT_NEGATIVE)
    return carry_out(context, StackPlan(deployed, stack.parameters, stack, change_set, since, notes=notes), approve)
