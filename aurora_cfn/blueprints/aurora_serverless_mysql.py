"""Aurora Serverless MySQL: the same cluster as aurora-serverless-postgres, on the other engine.

Audit, error, general and slow query logs are switched on and exported; clients log in with IAM or a password, over TLS.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, Output

from aurora_cfn.blueprint import blueprint_of
from aurora_cfn.blueprints.aurora import aurora_groups
from aurora_cfn.blueprints.aurora_cluster import aurora_outputs, aurora_resources
from aurora_cfn.blueprints.parts.engine import AURORA_MYSQL

PARAMETERS = aurora_groups(AURORA_MYSQL)


def resources() -> Sequence[AWSObject]:
    """The cluster and what it needs."""
    return aurora_resources(AURORA_MYSQL)


def outputs() -> Sequence[Output]:
    """What a client needs to connect."""
    return aurora_outputs()


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="aurora-serverless-mysql",
    description="Aurora Serverless MySQL cluster with Data API, automatic pause, managed credentials and all logs",
    resources=resources,
    outputs=outputs,
)
