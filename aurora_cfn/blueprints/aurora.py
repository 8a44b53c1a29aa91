"""The blueprint of an Aurora Serverless cluster, of either engine."""

from __future__ import annotations

from functools import partial

from aurora_cfn.blueprint import Blueprint, ParameterGroup, blueprint_of
from aurora_cfn.blueprints.aurora_capacity import capacity_group
from aurora_cfn.blueprints.aurora_cluster import KIND, aurora_outputs, aurora_resources
from aurora_cfn.blueprints.parts.conditions import is_true
from aurora_cfn.blueprints.parts.database_network import network_group
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.engine_version import engine_version_group
from aurora_cfn.blueprints.parts.identifier import database_name_group, identifier_group
from aurora_cfn.blueprints.parts.maintenance import maintenance_group
from aurora_cfn.blueprints.parts.master_user import master_user_group
from aurora_cfn.blueprints.parts.observation import observation_group
from aurora_cfn.blueprints.parts.protection import kept_backups_group, protection_group
from aurora_cfn.blueprints.parts.published import published_group
from aurora_cfn.blueprints.parts.restore_source import restore_group
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP
from aurora_cfn.blueprints.unrendered import checks_of
from aurora_cfn.parameters import BOOLEAN, Parameter


def aurora_blueprint(engine: Engine, *, name: str, description: str) -> Blueprint:
    """The blueprint of that engine's template.

    Each group keeps its parameters, conditions and rules in one module, with what they set.
    """
    groups = (
        identifier_group(KIND),
        network_group(KIND),
        published_group(KIND),
        restore_group(),
        capacity_group(),
        engine_version_group(engine),
        database_name_group(KIND),
        _storage_type(),
        master_user_group(KIND),
        _data_api(),
        protection_group(KIND, fewest_backup_days=1),
        kept_backups_group(),
        maintenance_group(engine, KIND),
        observation_group(),
        BOUNDARY_GROUP,
    )
    return blueprint_of(
        groups,
        name=name,
        description=description,
        resources=partial(aurora_resources, engine),
        outputs=aurora_outputs,
        checks=checks_of(name),
    )


def _storage_type() -> ParameterGroup:
    row = Parameter(
        "StorageType",
        "aurora: pay for each I/O request. aurora-iopt1: I/O-Optimized, dearer capacity and storage without a"
        " charge for I/O. Changing back is possible once in 30 days.",
        default="aurora", group="Database", allowed=("aurora", "aurora-iopt1"),
    )  # fmt: skip
    return ParameterGroup((row,))


def _data_api() -> ParameterGroup:
    row = Parameter(
        "EnableDataApi", "Whether SQL can be run over HTTPS with the RDS Data API, without a connection into the VPC.",
        default="true", group="Access", allowed=BOOLEAN,
    )  # fmt: skip
    return ParameterGroup((row,), conditions={"HasDataApi": is_true("EnableDataApi")})
