"""ServerlessV2ScalingConfiguration as RDS keeps and shows it: ministack 1.5.33 loses SecondsUntilAutoPause.

Source: Amazon RDS API reference, ServerlessV2ScalingConfigurationInfo (read 2026-11): it is there when the minimum
capacity is 0, and 300 unless given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import rds

from aurora_cfn.local.replacing import Inner, replace

NAME = "ServerlessV2ScalingConfiguration"
PAUSE = "SecondsUntilAutoPause"
# The default of SecondsUntilAutoPause (Aurora user guide, auto-pause).
USUAL_PAUSE = 300
Scaling = dict[str, float | int]


def install() -> None:
    """Replace what reads the configuration from a request, and what writes it into an answer."""
    replace(rds, "_serverlessv2_from_params", _reading)
    replace(rds, "_serverlessv2_xml", _showing)


def with_pause(found: Mapping[str, float | int] | None, seconds: str) -> Scaling | None:
    """The configuration of a request with the seconds until a pause, where the cluster may pause."""
    if not found or found.get("MinCapacity") != 0:
        return dict(found) if found else None
    return {**found, PAUSE: int(seconds or USUAL_PAUSE)}


def _reading(inner: Inner, parameters: Any) -> Scaling | None:
    return with_pause(inner(parameters), rds._p(parameters, f"{NAME}.{PAUSE}"))


def _showing(inner: Inner, cluster: dict[str, Any]) -> Any:
    found = cluster.get(NAME) or {}
    # An update by CloudFormation writes the record without _reading, so the default is added here too.
    usual = USUAL_PAUSE if found.get("MinCapacity") == 0 else None
    seconds, end = found.get(PAUSE, usual), f"</{NAME}>"
    return inner(cluster) if seconds is None else inner(cluster).replace(end, f"<{PAUSE}>{seconds}</{PAUSE}>{end}")
