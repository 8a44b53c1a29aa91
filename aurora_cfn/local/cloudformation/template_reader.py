"""Templates are read with libyaml, where it is there: ministack's reader is pure Python and takes ten times as long.

An eighth of the CPU time of an emulator that deploys stack after stack went into it.
"""

from __future__ import annotations

from ministack.services.cloudformation import engine


def install() -> None:
    """Let ministack's loader take its nodes from libyaml; what it makes of tags and dates stays its own."""
    fast = getattr(engine.yaml, "CSafeLoader", None)
    if fast is not None:
        made_of_tags = {"yaml_constructors": engine.CfnLoader.yaml_constructors}
        engine.CfnLoader = type("CfnLoader", (fast,), made_of_tags)
