"""ServerlessV2ScalingConfiguration as RDS keeps and shows it: ministack 1.5.33 loses SecondsUntilAutoPause.

Source: Amazon RDS API reference, ServerlessV2ScalingConfigurationInfo (read 2026-11): it is there when the minimum
capacity is 0, and 300 unless given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

NAME = "ServerlessV2ScalingConfiguration"
PAUSE = "SecondsUntilAutoPause"
# The default of SecondsUntilAutoPause (Aurora user guide, auto-pause).
USUAL_PAUSE = 300
Scaling = dict[str, float | int]


def install(rds: Any) -> None:
    """Wrap what reads the configuration from a request, and what writes it into an answer."""
    rds._serverlessv2_from_params = _reading(rds._serverlessv2_from_params, rds._p)
    rds._serverlessv2_xml = _showing(rds._serverlessv2_xml)


def with_pause(found: Mapping[str, float | int] | None, seconds: str) -> Scaling | None:
    """The configuration of a request with the seconds until a pause, where the cluster may pause."""
    if not found or found.get("MinCapacity") != 0:
        return dict(found) if found else None
    return {**found, PAUSE: int(seconds or USUAL_PAUSE)}


def _reading(
    inner: Callable[[Any], Scaling | None], read: Callable[[Any, str], str]
) -> Callable[[Any], Scaling | None]:
    return lambda parameters: with_pause(inner(parameters), read(parameters, f"{NAME}.{PAUSE}"))


def _showing(inner: Callable[[Any], str]) -> Callable[[Any], str]:
    def xml(cluster: dict[str, Any]) -> str:
        found = cluster.get(NAME) or {}
        # An update by CloudFormation writes the record without _reading, so the default is added here too.
        usual = USUAL_PAUSE if found.get("MinCapacity") == 0 else None
        seconds, end = found.get(PAUSE, usual), f"</{NAME}>"
        return inner(cluster) if seconds is None else inner(cluster).replace(end, f"<{PAUSE}>{seconds}</{PAUSE}>{end}")

    return xml
