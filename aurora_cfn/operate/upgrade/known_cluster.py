"""Reads what an upgrade depends on from RDS, which resumes no database, and puts a plan together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aurora_cfn.errors import InputError
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.facts.versions import read_version
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradePlan, UpgradeTarget
from aurora_cfn.operate.attached import Attached, attached_to, read_or_note
from aurora_cfn.operate.upgrade.blue_green import status_text
from aurora_cfn.operate.upgrade.methods import UpgradeState, methods
from aurora_cfn.operate.upgrade.settings import settings_for
from aurora_cfn.operate.upgrade.targets import in_order, is_due, leaves_lts, support
from aurora_cfn.ports import Databases
from aurora_cfn.ports.database_changes import BlueGreenDeployments, UpgradeTargets
from aurora_cfn.ports.surroundings import Attachments
from aurora_cfn.template.summary import TemplateSummary


@dataclass(frozen=True, slots=True)
class Known:
    """What RDS says of a cluster; `notes` name what could not be read."""

    cluster: Cluster
    offered: tuple[UpgradeTarget, ...]
    attached: Attached
    deployment: BlueGreen | None = None
    notes: tuple[str, ...] = ()


def read_known(
    rds: Databases,
    attachments: Attachments,
    targets: UpgradeTargets,
    deployments: BlueGreenDeployments | None,
    database: Database,
) -> Known:
    """The cluster and what is attached to it; `deployments` is None for the emulator, which has none.

    Raises InputError for a database that is no cluster of Aurora.
    """
    # Aurora DSQL has no identifier in RDS.
    named = database.kind == "db-cluster" and database.identifier
    cluster = rds.cluster(database.identifier) if named else None
    if cluster is None:
        where = f"{database.resource or 'the database'} of {database.stack}"
        if database.signed:
            raise InputError(f"{where} is Aurora DSQL, which has no versions to choose: AWS upgrades it")
        raise InputError(f"{where} is no cluster of Aurora in RDS: change EngineVersion in the params file, and deploy")
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(f"not read: {text}")

    attached, found = attached_to(cluster, attachments, note), None
    if deployments:
        found = read_or_note("blue/green deployments", note, lambda: deployments.of_cluster(cluster.arn))
    offered = in_order(targets.targets(cluster.engine, cluster.version), cluster.engine)
    return Known(cluster, offered, attached, found, tuple(notes))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cluster is described: the environment, the stack's entry, its template, and the logical id."""

    environment: Environment
    entry: EnvironmentStack
    template: TemplateSummary
    logical_id: str
    local: bool = False


def planned(
    known: Known,
    place: Place,
    target: UpgradeTarget | None,
    checks: Sequence[Inspected],
    today: date,
    facts: Offered = NOTHING_OFFERED,
) -> UpgradePlan:
    """The plan of the upgrade to the target; without one, what is offered and supported alone."""
    cluster = known.cluster
    words, ends = support(cluster.engine, cluster.version, today, facts)
    due = ends or is_due(known.offered, cluster.engine, cluster.version)
    plain = UpgradePlan(
        place.entry.name, cluster.identifier, cluster.engine, cluster.version, known.offered, support=words, due=due,
        path=place.environment.path, notes=known.notes,
    )  # fmt: skip
    if known.deployment:
        text = f"blue/green deployment {known.deployment.name}: {status_text(known.deployment)}"
        plain = replace(plain, notes=(text, *plain.notes))
    if target is None:
        return replace(plain, notes=(*plain.notes, *_behind(place, cluster)))
    lts = leaves_lts(cluster.engine, cluster.version, target)
    settings = settings_for(place.entry, place.template, place.logical_id, cluster.engine, target.version)
    state = UpgradeState(cluster, known.attached, checks, settings.family_faults, known.deployment, local=place.local)
    return replace(
        plain,
        target=target,
        methods=methods(target, state),
        checks=tuple(checks),
        settings=settings.changes,
        by_hand=settings.by_hand,
        notes=(*plain.notes, *([lts] if lts else ())),
    )


def _behind(place: Place, cluster: Cluster) -> Iterator[str]:
    """A note on a params file that names an earlier version than RDS runs since it upgraded it by itself."""
    found = settings_for(place.entry, place.template, place.logical_id, cluster.engine, cluster.version)
    for row in found.changes:
        pinned = read_version(cluster.engine, row.before)
        if pinned and pinned.is_pinned:
            what = f"{row.parameter} in line {row.line} of {place.environment.path} is {row.before}"
            yield f"{what}, and {cluster.version} runs: --to {cluster.version} writes that"
