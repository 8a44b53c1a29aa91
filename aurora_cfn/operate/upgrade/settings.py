"""Which parameters of the params file give a cluster another engine version, and its parameter groups their family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.facts.versions import family, read_version
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.resource_types import PARAMETER_GROUPS
from aurora_cfn.model.upgrade_plan import Setting
from aurora_cfn.model.value import Value, member
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side
from aurora_cfn.template.summary import TemplateSummary


@dataclass(frozen=True, slots=True)
class Settings:
    """The changes of the params file, in the order of the file; `by_hand` is what cannot be changed there.

    `family_faults` are parameter groups that would keep the family of another major version.
    """

    changes: tuple[Setting, ...] = ()
    by_hand: tuple[str, ...] = ()
    family_faults: tuple[str, ...] = ()


def settings_for(
    entry: EnvironmentStack, template: TemplateSummary, cluster: str, engine: str, version: str
) -> Settings:
    """The changes after which the cluster with that logical id has the version."""
    found = _of_version(entry, template, cluster, version)
    if isinstance(found, str):
        return Settings(by_hand=(found,))
    values = {**entry.parameters, found.parameter: version}
    groups = list(_groups(entry, template, values, engine, version))
    faults = [row for row in groups if isinstance(row, str)]
    faults += _foreign_group(template, cluster, values, engine, version)
    changes = [row for row in (found, *groups) if isinstance(row, Setting) and row.before != row.after]
    return Settings(tuple(sorted(changes, key=lambda row: row.line)), (), tuple(faults))


def _of_version(entry: EnvironmentStack, template: TemplateSummary, cluster: str, version: str) -> Setting | str:
    name = _parameter(template, entry.parameters, cluster, "EngineVersion")
    if not name:
        return (
            f"{entry.template_file}: EngineVersion of {cluster} is not a parameter: write {version} there, and deploy"
        )
    now = entry.parameters.get(name, "")
    if not isinstance(now, str):
        return f"{name} of {entry.key} is a reference: set what it refers to to {version}, and deploy"
    return _setting(entry, name, version)


def _groups(
    entry: EnvironmentStack, template: TemplateSummary, values: Mapping[str, Any], engine: str, version: str
) -> Iterator[Setting | str]:
    wanted = family_of(engine, version)
    rows = resources(Evaluator(Side(template.template, values)))
    for row in (one for kind in sorted(PARAMETER_GROUPS) for one in rows.of_type(kind)):
        made = row.properties.get("Family")
        # Groups of other engines are not this cluster's; a value that is not known here is AWS's to judge.
        if not wanted or not isinstance(made, str) or made == wanted or not made.startswith(engine):
            continue
        name = _parameter(template, values, row.logical_id, "Family")
        if name:
            yield _setting(entry, name, wanted)
        else:
            yield f"{entry.template_file}: Family of {row.logical_id} is {made}: make it {wanted}"


def _foreign_group(
    template: TemplateSummary, cluster: str, values: Mapping[str, Any], engine: str, version: str
) -> list[str]:
    """A complaint about a group that the template names and does not make; RDS's own groups name their family."""
    wanted = family_of(engine, version)
    row = resources(Evaluator(Side(template.template, values)))[cluster]
    name = row.properties.get("DBClusterParameterGroupName")
    if not isinstance(name, str) or not wanted or name == f"default.{wanted}":
        return []
    return [f"DBClusterParameterGroupName of {cluster} is {name}: a group of the family {wanted} is needed"]


def _setting(entry: EnvironmentStack, name: str, after: str) -> Setting:
    now = entry.parameters.get(name, "")
    return Setting(name, now if isinstance(now, str) else "", after, entry.lines.get(name, entry.line))


def _parameter(template: TemplateSummary, values: Mapping[str, Any], logical_id: str, name: str) -> str:
    """The one parameter that the property refers to, also inside of functions; empty for none or several."""
    evaluator = Evaluator(Side(template.template, values))
    written: Value = member(evaluator.side.section("Resources"), logical_id, "Properties", name)
    value = evaluator.value(written)
    names = [row for row in dict.fromkeys(mentioned(written)) if template.parameter(row)]
    found = [row for row in names if evaluator.ref(row) == value]
    return found[0] if len(found) == 1 else ""


def family_of(engine: str, version: str) -> str:
    """The parameter group family of the version, empty if the facts do not know it."""
    found = read_version(engine, version)
    return (family(found) if found else "") or ""
