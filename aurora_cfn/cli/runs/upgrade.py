"""`upgrade`: the plan for a cluster read and printed, and what the other halves of the command begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from aurora_cfn.aws.attachments import AwsAttachments
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.upgrades import AwsBlueGreenDeployments, AwsUpgradeTargets
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.wake import may_wake
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.cli.terminal.prompt import columns_of_stdout
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_DIFFERENCES, AwsError, InputError, KnownFailureError
from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rows import Database
from aurora_cfn.model.upgrade_plan import MethodName, UpgradePlan, UpgradeTarget
from aurora_cfn.operate.inspect.read import Inspector
from aurora_cfn.operate.upgrade.database_checks import CHECKS
from aurora_cfn.operate.upgrade.known_cluster import Known, Place, planned, read_known
from aurora_cfn.operate.upgrade.targets import chosen
from aurora_cfn.project.user_cache import offered
from aurora_cfn.report.upgrade_plan import upgrade_json, upgrade_lines, upgrade_rows

WIDTH = 120
"""Columns of the text where it is not on a terminal."""
ONLY_SHOWN = "the emulator changes the version that it shows; the server behind it stays the same"


@dataclass(frozen=True, slots=True)
class UpgradeAnswers:
    """Whether questions are answered with yes, the names given with --confirm, and whether the database is asked."""

    yes: bool = False
    confirmed: tuple[str, ...] = ()
    proof: bool = True


class UpgradeRun:
    """One cluster of an environment and its upgrade. Raises InputError when there is no database, or several."""

    def __init__(self, access: DatabaseAccess, stack: str | None, resource: str | None) -> None:
        self.access, self.target = access, access.target
        self.database: Database = access.one_in_rds(stack, resource)

    @property
    def deployments(self) -> AwsBlueGreenDeployments:
        """Blue/green deployments. Raises InputError for the emulator."""
        if self.target.local:
            raise InputError("the emulator has no blue/green deployments: RDS alone makes them")
        return AwsBlueGreenDeployments(self.target.session)

    @cached_property
    def place(self) -> Place:
        """Where the cluster is described. Raises InputError for one in a nested stack."""
        environment = self.target.environment
        entry = next((row for row in environment.stacks if row.name == self.database.stack), None)
        if entry is None:
            raise InputError(
                f"{self.database.stack} is not in {environment.path}: branches and copies are not upgraded"
            )
        if "." in self.database.resource:
            raise InputError(f"{self.database.resource} is in a nested stack: change EngineVersion there, and deploy")
        template = self.target.templates[entry.template]
        return Place(environment, entry, template, self.database.resource, self.target.local)

    @cached_property
    def known(self) -> Known:
        """What RDS says; no call of it resumes a paused database."""
        session = self.target.session
        made = None if self.target.local else AwsBlueGreenDeployments(session)
        ports = self.target.databases, AwsAttachments(session), AwsUpgradeTargets(session), made
        return read_known(*ports, self.database)

    def plan(self, wanted: str, *, checks: bool) -> UpgradePlan:
        """The plan for the version that is wanted; with `checks` the database is asked, and resumed for it.

        Raises KnownFailureError for a version that RDS does not offer, InputError for what is none.
        """
        target, cluster = self.target_for(wanted), self.known.cluster
        found = self._checks() if checks and target and target.version != cluster.version else ((), ())
        return self._planned(target, *found)

    def target_for(self, wanted: str) -> UpgradeTarget | None:
        """The version that is asked for, None if no newer one is offered. Raises as `plan`."""
        cluster, by = self.known.cluster, "the emulator" if self.target.local else "RDS"
        return chosen(self.known.offered, cluster.engine, cluster.version, wanted, by)

    def plan_to(self, version: str) -> UpgradePlan:
        """The plan for a version that the cluster has already, or that RDS was asked for before."""
        return self._planned(UpgradeTarget(version, major=False), (), ())

    def show(self, wanted: str, form: str, *, no_wake: bool, exit_code: bool) -> int:
        """Print the plan; EXIT_DIFFERENCES with `exit_code` if it is time to upgrade."""
        plan = self.plan(wanted, checks=not no_wake)
        if no_wake and plan.target:
            plan = replace(plan, notes=(*plan.notes, "the checks of the data were not made (--no-wake)"))
        if form == "json":
            write_stdout(upgrade_json(plan), nl=False, utf8=True)
        elif form == "csv":
            print_rows(upgrade_rows(plan), "csv")
        else:
            columns = columns_of_stdout() or WIDTH
            for line in upgrade_lines(plan, columns):
                write_stdout(line)
        return EXIT_DIFFERENCES if exit_code and plan.due else 0

    def _checks(self) -> tuple[Sequence[Inspected], Sequence[str]]:
        """The checks of the data, and a note where they cannot be made."""
        if self.database.engine != "postgresql":
            return (), ("checks of the data: RDS makes its own of MySQL, and writes them to upgrade-prechecks.log",)
        may_wake(self.access, self.database, no_wake=False)
        try:
            return list(Inspector(self.access.api(self.database), self.database).results(list(CHECKS))), ()
        except (AwsError, InputError) as error:
            # Such as a database without a secret, or out of reach of this machine.
            return (), (f"the checks of the data were not made: {error}",)

    def _planned(self, target: UpgradeTarget | None, checks: Sequence[Inspected], notes: Sequence[str]) -> UpgradePlan:
        today = SystemClock().now().date()
        plan = planned(self.known, self.place, target, checks, today, offered())
        local = (ONLY_SHOWN,) if target and self.target.local else ()
        return replace(plan, notes=(*plan.notes, *notes, *local))


def refuse(plan: UpgradePlan, name: MethodName) -> None:
    """Raise KnownFailureError with everything that prevents the method; nothing was changed then."""
    reasons = [*plan.method(name).refusals, *plan.by_hand]
    if reasons:
        head = f"{plan.cluster} cannot be upgraded {name}; nothing was changed:"
        raise KnownFailureError("\n".join([head, *(f"  {row}" for row in reasons)]))
