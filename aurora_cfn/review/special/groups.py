"""Engine parameters in a parameter group: which wait for a reboot, which shut clients out."""

from __future__ import annotations

from aurora_cfn.facts.interruptions import interruptions
from aurora_cfn.facts.static_parameters import is_static
from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.review.special.context import Context

_GROUPS = frozenset({"AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"})
_OFF = ("0", "off", "OFF", "false")


def engine_parameter(context: Context) -> Effect | None:
    """Static parameters wait for a reboot; TLS ones refuse or admit clients at once; the rest apply at once."""
    keys = context.difference.keys
    if context.type not in _GROUPS or len(keys) != 2 or keys[0] != "Parameters":
        return None
    name, static = str(keys[1]), is_static(str(keys[1]), _family(context), context.offered)
    if static:
        sentence = f"{name} is static: it counts only after each instance is rebooted"
        return Effect(Verdict.INTERRUPTION, sentence, way_out="plan a reboot, or a failover and a reboot")
    if name in interruptions().connection_parameters:
        return _connections(name, off=context.difference.after in _OFF)
    if static is None:
        return Effect(
            Verdict.IN_PLACE, f"{name} applies at once where it is dynamic, after a reboot where it is static"
        )
    return Effect(Verdict.IN_PLACE, f"{name} is dynamic: it applies at once")


def _family(context: Context) -> str:
    """The family of the group, empty where it is not known offline."""
    family = context.after.properties.get("Family")
    return family if isinstance(family, str) else ""


def _connections(name: str, *, off: bool) -> Effect:
    sentence = f"{name}: clients without TLS are {'let in' if off else 'refused from then on'}"
    verdict = Verdict.IN_PLACE if off else Verdict.INTERRUPTION
    return Effect(verdict, sentence, way_out="" if not off else "leave it on", alert=off)
