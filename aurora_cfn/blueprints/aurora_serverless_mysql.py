"""Aurora Serverless MySQL: the same cluster as aurora-serverless-postgres, on the other engine.

Audit, error, general and slow query logs are switched on and exported; clients log in with IAM or a password, over TLS.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, Output

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints.aurora import aurora_outputs
from aurora_cfn.blueprints.aurora_capacity import aurora_parameters
from aurora_cfn.blueprints.aurora_cluster import aurora_conditions, aurora_resources
from aurora_cfn.blueprints.parts.aurora_checks import aurora_checks, aurora_rules
from aurora_cfn.blueprints.parts.engine import AURORA_MYSQL

PARAMETERS = aurora_parameters(AURORA_MYSQL)


def resources() -> Sequence[AWSObject]:
    """The cluster and what it stands on."""
    return aurora_resources(AURORA_MYSQL)


def outputs() -> Sequence[Output]:
    """What a client needs to connect."""
    return aurora_outputs()


BLUEPRINT = Blueprint(
    name="aurora-serverless-mysql",
    description="Aurora Serverless MySQL cluster with Data API, automatic pause, managed credentials and all logs",
    parameters=PARAMETERS,
    conditions=aurora_conditions(),
    rules=aurora_rules(AURORA_MYSQL),
    resources=resources,
    outputs=outputs,
    checks=aurora_checks(AURORA_MYSQL),
)
