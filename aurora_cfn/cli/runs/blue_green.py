"""`upgrade --blue-green`, `--switch` and `--abandon`: the deployment in RDS, and the stack in step with it."""

from __future__ import annotations

from collections.abc import Collection

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.upgrade import UpgradeAnswers, UpgradeRun, refuse
from aurora_cfn.cli.runs.upgrade_stack import StackUpgrade
from aurora_cfn.cli.terminal.messages import declined, info, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed as agreed
from aurora_cfn.cli.terminal.prompt import named, need_terminal
from aurora_cfn.errors import EXIT_NEGATIVE, BusyError, InputError, KnownFailureError
from aurora_cfn.facts.blue_green import switchover_timeout
from aurora_cfn.model.upgrade_plan import BLUE_GREEN, BlueGreen, UpgradePlan
from aurora_cfn.operate.upgrade.blue_green import SWITCHABLE, cluster_name, deployment_name, status_text, until_switched
from aurora_cfn.operate.upgrade.methods import default_group
from aurora_cfn.report.upgrade_plan import step


class BlueGreenRun:
    """The blue/green deployment of one cluster. Raises InputError for the emulator, which has none."""

    def __init__(self, run: UpgradeRun) -> None:
        self._run, self._deployments = run, run.deployments

    def create(self, wanted: str, *, yes: bool) -> int:
        """Start the deployment, or show the one that exists. Raises KnownFailureError for what RDS would refuse."""
        found = self._run.known.deployment
        if found is not None:
            self._show(found)
            return 0
        plan = self._run.plan(wanted, checks=True)
        if plan.target is None or plan.target.version == plan.version:
            info(f"{plan.cluster}: {step(plan)}")
            return 0
        refuse(plan, BLUE_GREEN)
        self._explain(plan)
        need_terminal("--yes makes it without a question", unless=yes)
        if not yes and not agreed("Make the blue/green deployment?"):
            return EXIT_NEGATIVE
        made = self._deployments.create(
            deployment_name(plan.cluster, plan.target.version),
            self._run.known.cluster.arn,
            version=plan.target.version,
            parameter_group=self._group(plan),
            tags=self._run.target.owner.tags,
        )
        self._show(made)
        return 0

    def switch(self, answers: UpgradeAnswers) -> int:
        """The exit code after the switch and the deployment of the stack; run again it continues where it was.

        Raises BusyError while RDS works on it, KnownFailureError for what it would refuse, DeployError if it rolled the
        switch back.
        """
        found = self._needed()
        arn, stack = self._run.known.cluster.arn, self._run.database.stack
        if found.status in SWITCHABLE:
            for name in self._run.known.attached.integrations:
                what = f"nothing was changed: delete the zero-ETL integration {name}, and create it after the switch"
                raise KnownFailureError(what)
            info(f"{cluster_name(found.source)} and {cluster_name(found.target)} change names; sessions end")
            if not named(stack, answers.confirmed, "the databases change places: ", "switch it"):
                return declined()
            self._deployments.switch(found.identifier, timeout=switchover_timeout())
        elif not found.switched and found.status != "SWITCHOVER_IN_PROGRESS":
            raise BusyError(f"{found.name}: {status_text(found)}")
        # Of the old cluster: after the switch the cluster of this name is the other one.
        old_id = self._run.known.cluster.resource_id
        found = until_switched(self._deployments, arn, SystemClock(), info)
        return self._in_step(found, old_id, answers)

    def abandon(self, confirmed: Collection[str]) -> int:
        """Delete the green side, or after a switch the deployment alone, after the name of the stack was typed."""
        found = self._needed()
        if found.status == "SWITCHOVER_IN_PROGRESS":
            raise BusyError("the switch runs: wait for its end")
        if not found.switched:
            info(f"{cluster_name(found.target) or 'the green side'} and all that was changed in it are deleted")
        if not named(self._run.database.stack, confirmed, "databases are deleted: ", "continue"):
            return declined()
        self._deployments.delete(found.identifier, green=not found.switched)
        info(f"the blue/green deployment {found.name} is being deleted")
        if found.switched:
            self._old(found)
        return 0

    def _needed(self) -> BlueGreen:
        found = self._run.known.deployment
        if found is None:
            name = self._run.known.cluster.identifier
            raise InputError(f"{name} has no blue/green deployment: --blue-green makes one")
        return found

    def _in_step(self, found: BlueGreen, old_id: str, answers: UpgradeAnswers) -> int:
        """Deploy the stack with what RDS has now, so that the next deployment changes nothing."""
        run = UpgradeRun(self._run.access, self._run.place.entry.key, self._run.database.resource)
        cluster = run.known.cluster
        info(f"{cluster.identifier} has {cluster.engine} {cluster.version}; the stack is brought in step")
        info("  its own parameter group takes the place of that of green: the instances restart once more")
        code = StackUpgrade(run, run.plan_to(cluster.version), answers).deploy()
        if code:
            info("the databases have changed places; run the same command again to bring the stack in step", "warning")
            return code
        if old_id and old_id != cluster.resource_id:
            info(f"IAM policies for rds-db:connect name {old_id}: write {cluster.resource_id} there", "warning")
        self._old(found)
        return 0

    def _old(self, found: BlueGreen) -> None:
        old = cluster_name(found.source)
        if old != self._run.known.cluster.identifier:
            info(f"the old cluster {old} still runs and is paid for: delete it when it is not needed")

    def _show(self, found: BlueGreen) -> None:
        write_stdout(f"{found.name}: {status_text(found)}")
        for text in (f"green: {cluster_name(found.target)}" if found.target else "", *found.tasks):
            if text:
                write_stdout(f"  {text}")

    def _group(self, plan: UpgradePlan) -> str:
        assert plan.target is not None
        # The group of the stack has the old family, and CloudFormation makes the new one only with the update.
        return default_group(plan.engine, plan.target.version) if plan.target.major else ""

    def _explain(self, plan: UpgradePlan) -> None:
        method, group = plan.method(BLUE_GREEN), self._group(plan)
        info(f"{plan.cluster}: {step(plan)}")
        info(f"  {'; '.join((method.interruption, *method.notes))}")
        if group:
            info(f"  green has {group} until the stack is in step: settings of your own group count again then")
        for note in plan.notes:
            info(f"  {note}", "warning")
        for row in plan.checks:
            if row.grade in {"warn", "bad"}:
                info(f"  {row.name}: {row.text}", "warning")
