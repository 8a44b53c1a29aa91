"""Aurora Serverless PostgreSQL: a cluster that scales by itself, pauses when idle and speaks SQL over HTTPS.

On Serverless v2, with the parameters and outputs that v1 stacks had: v1 ended on 2025-03-31, and no new v1 cluster can
be made.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, Output

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints.aurora import aurora_outputs
from aurora_cfn.blueprints.aurora_capacity import aurora_parameters
from aurora_cfn.blueprints.aurora_cluster import aurora_conditions, aurora_resources
from aurora_cfn.blueprints.parts.aurora_checks import aurora_checks, aurora_rules
from aurora_cfn.blueprints.parts.engine import AURORA_POSTGRES

PARAMETERS = aurora_parameters(AURORA_POSTGRES)


def resources() -> Sequence[AWSObject]:
    """The cluster and what it stands on."""
    return aurora_resources(AURORA_POSTGRES)


def outputs() -> Sequence[Output]:
    """What a client needs to connect."""
    return aurora_outputs()


BLUEPRINT = Blueprint(
    name="aurora-serverless-postgres",
    description="Aurora Serverless PostgreSQL cluster with Data API, automatic pause and managed credentials",
    parameters=PARAMETERS,
    conditions=aurora_conditions(),
    rules=aurora_rules(AURORA_POSTGRES),
    resources=resources,
    outputs=outputs,
    checks=aurora_checks(AURORA_POSTGRES),
)
