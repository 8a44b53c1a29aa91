"""Databases and nested stacks: capacity, the snapshot restored from, parameter groups, what is not seen from here."""

from __future__ import annotations

from aurora_cfn.facts.effects import connection_parameters
from aurora_cfn.facts.engine_parameters import is_static
from aurora_cfn.facts.parameter_values import engine_of, misspelled
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.facts.versions import read_version, supports
from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.resource_types import LOCATIONS, PARAMETER_GROUPS
from aurora_cfn.review.special.context import Context


def scaling(context: Context) -> Effect | None:
    """MinCapacity from and to 0 (pausing), MaxCapacity (parameters that follow it after a reboot).

    Source: descriptions in the schema of AWS::RDS::DBCluster; Aurora User Guide, automatic pause and resume.
    """
    keys, difference = context.difference.keys, context.difference
    if len(keys) != 2 or keys[0] != "ServerlessV2ScalingConfiguration":
        return None
    if keys[1] == "MaxCapacity":
        sentence = "scales without interruption; max_connections follows the new maximum only after a reboot"
        return Effect(Verdict.IN_PLACE, sentence)
    if keys[1] == "MinCapacity" and difference.after == "0":
        # About 15 s, 30 s or more after a day of pause (Aurora user guide, auto-pause).
        sentence = "the database pauses when idle; the first connection afterwards waits 15 to 30 seconds"
        return Effect(Verdict.IN_PLACE, sentence, remedy="give clients a connect timeout over 30 seconds")
    if keys[1] == "MinCapacity" and difference.before == "0":
        return Effect(Verdict.IN_PLACE, "the database does not pause any more and costs its minimum all day")
    return Effect(Verdict.IN_PLACE, "scales without interruption")


def dropped_snapshot(context: Context) -> Effect | None:
    """The source of a cluster's data removed: CloudFormation makes an empty cluster and deletes the full one.

    Or another source takes its place, whose data the new cluster has. Source: description of AWS::RDS::DBCluster in the
    resource schema. Instances are not affected.
    """
    row = stateful_types().get(context.type)
    difference = context.difference
    if row is None or not row.restored_from or len(difference.keys) != 1:
        return None
    (key,) = difference.keys
    if key not in {row.restored_from, *row.copied_from}:
        return None
    others = [name for name in row.copied_from if name != key and name in context.after.properties]
    if difference.before is not None and difference.after is None and not others:
        return Effect(
            Verdict.DATA_LOSS,
            f"without {key} CloudFormation makes an empty {row.noun} and deletes the one with the data",
            remedy=f"put {key} back with the same value; it must stay for the life of the cluster",
            replaces=True,
        )
    source = f"from {others[0]}" if difference.after is None and others else "from that source"
    if key == row.restored_from and difference.after is not None:
        source = "from that snapshot"
    return Effect(
        Verdict.REPLACE,
        f"the {row.noun} is restored {source}; everything written since then is not in it",
        remedy=f"keep {key} as it was; restore into a new stack and move over",
        replaces=True,
    )


_OFF = ("0", "off", "OFF", "false")


def engine_parameter(context: Context) -> Effect | None:
    """Static parameters wait for a reboot; TLS ones refuse or admit clients at once; the rest apply at once."""
    keys = context.difference.keys
    if context.type not in PARAMETER_GROUPS or len(keys) != 2 or keys[0] != "Parameters":
        return None
    # First: of a parameter that RDS refuses it does not matter whether it is static.
    refused = _refused(str(keys[1]), context) if context.difference.after is not None else None
    if refused is not None:
        return refused
    name, static = str(keys[1]), is_static(str(keys[1]), _family(context), context.offered)
    if static:
        sentence = f"{name} is static: it counts only after each instance is rebooted"
        return Effect(Verdict.INTERRUPTION, sentence, remedy="plan a reboot, or a failover and a reboot")
    if name in connection_parameters():
        return _connections(name, off=context.difference.after in _OFF)
    if static is None:
        return Effect(
            Verdict.IN_PLACE, f"{name} applies at once where it is dynamic, after a reboot where it is static"
        )
    return Effect(Verdict.IN_PLACE, f"{name} is dynamic: it applies at once")


def _refused(name: str, context: Context) -> Effect | None:
    """The failure of a parameter that the family does not have: as RDS was asked, else by its spelling."""
    family = _family(context)
    # What RDS itself listed (`facts refresh`) counts more than our list of names.
    theirs, engine = context.offered.parameters(family), engine_of(family)
    meant = misspelled(name, engine) if engine else ""
    if theirs is not None and (name in theirs.cluster or name in theirs.instance):
        return None
    if theirs is None and not meant:
        return None
    hint = f" (did you mean {meant}?)" if meant else ""
    return Effect(
        Verdict.IN_PLACE,
        f"RDS refuses a parameter that {family} does not have: {name}{hint}",
        remedy=f"write {meant}" if meant else "leave it out",
        # Of MySQL's parameters only those in common use are known, so another name may exist.
        maybe=theirs is None and engine != "postgresql",
        fails=True,
        alert=True,
    )


def data_api(context: Context) -> Effect | None:
    """The Data API switched on at an engine version that does not have it.

    Source: Aurora User Guide, supported Regions and engine versions for the Data API, as dated facts.
    """
    difference = context.difference
    if context.type != "AWS::RDS::DBCluster" or difference.keys != ("EnableHttpEndpoint",):
        return None
    engine, text = (context.after.properties.get(name) for name in ("Engine", "EngineVersion"))
    version = read_version(engine, text) if isinstance(engine, str) and isinstance(text, str) else None
    if difference.after != "true" or version is None or supports(version, "data-api", context.offered) is not False:
        return None
    return Effect(
        Verdict.IN_PLACE,
        f"RDS refuses the Data API at {engine} {text}: the version is too old for it",
        remedy="upgrade the engine first",
        fails=True,
        alert=True,
    )


def _family(context: Context) -> str:
    """The family of the group, empty where it is not known offline."""
    family = context.after.properties.get("Family")
    return family if isinstance(family, str) else ""


def _connections(name: str, *, off: bool) -> Effect:
    sentence = f"{name}: clients without TLS are {'let in' if off else 'refused from then on'}"
    verdict = Verdict.IN_PLACE if off else Verdict.INTERRUPTION
    return Effect(verdict, sentence, remedy="" if not off else "leave it on", alert=off)


UNSEEN = "its nested resources are updated, and what that replaces or removes in it is not seen from here"
LOOK_INSIDE = "look at a change set of its own template, then allow this by name"


def nested_stack(context: Context) -> Effect | None:
    """Another template or other parameters of what holds resources of its own; they are not seen, so the guard asks."""
    # A module (`...::MODULE`) brings resources of its own, as a nested stack does.
    kind = context.after.type
    # The address and the parameters decide which resources are inside; tags, topics and times do not.
    decides = kind in LOCATIONS and context.difference.top in {LOCATIONS[kind], "Parameters"}
    inside = kind.endswith("::MODULE") or decides
    return Effect(Verdict.INTERRUPTION, UNSEEN, remedy=LOOK_INSIDE, guarded=True) if inside else None
