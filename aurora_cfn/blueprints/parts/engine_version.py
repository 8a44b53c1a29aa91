"""The version of a database engine, the support it is paid for, and the parameter group that fits it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import Ref, Select, Split, Sub

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import given, only_if
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.parameters import Parameter

FAMILY_COMMENT = "The family is the engine's name and the major version, which is the start of EngineVersion."


def engine_version_group(engine: Engine) -> ParameterGroup:
    """EngineVersion and EngineLifecycleSupport."""
    rows = (
        Parameter(
            "EngineVersion", f"Version of {engine.title}. The parameter group's family follows its major version.",
            default=engine.version, group="Database", pattern=engine.versions, constraint=engine.oldest,
        ),
        Parameter(
            "EngineLifecycleSupport",
            # Empty by default: CloudFormation refuses to set or change the property of a database that exists
            # (provider aws-cloudformation-resource-providers-rds, pull request 538), so that any other default would
            # fail the next update of every stack that was made without it.
            "Whether AWS keeps the database on its major version after that version's standard support ends: Extended"
            " Support, charged by the hour and by capacity. Empty: it does. open-source-rds-extended-support-disabled:"
            " it never charges, and upgrades the major version then. Choose it for a new database: RDS refuses to"
            " change it later.",
            default="",
            group="Database",
            allowed=("", "open-source-rds-extended-support", "open-source-rds-extended-support-disabled"),
        ),
    )  # fmt: skip
    return ParameterGroup(rows, conditions={"HasLifecycleSupport": given("EngineLifecycleSupport")})


def version_properties(engine: Engine) -> Mapping[str, Any]:
    """The properties of a database that choose the engine and its version."""
    return {
        "Engine": engine.name,
        "EngineVersion": Ref("EngineVersion"),
        "EngineLifecycleSupport": only_if("HasLifecycleSupport", Ref("EngineLifecycleSupport")),
    }


def parameter_family(engine: Engine) -> Sub:
    """Family of the parameter group, from the version that is asked for."""
    parts = {f"Part{index}": Select(index, Split(".", Ref("EngineVersion"))) for index in range(engine.family_parts)}
    return Sub(engine.name + ".".join(f"${{{name}}}" for name in parts), **parts)
