"""Aurora Serverless PostgreSQL: a cluster that scales by itself, pauses when idle and speaks SQL over HTTPS.

On Serverless v2, with the parameters and outputs that v1 stacks had: v1 ended on 2025-03-31, and no new v1 cluster can
be made.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, Output

from aurora_cfn.blueprint import blueprint_of
from aurora_cfn.blueprints.aurora import aurora_groups
from aurora_cfn.blueprints.aurora_cluster import aurora_outputs, aurora_resources
from aurora_cfn.blueprints.parts.engine import AURORA_POSTGRES

PARAMETERS = aurora_groups(AURORA_POSTGRES)


def resources() -> Sequence[AWSObject]:
    """The cluster and what it needs."""
    return aurora_resources(AURORA_POSTGRES)


def outputs() -> Sequence[Output]:
    """What a client needs to connect."""
    return aurora_outputs()


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="aurora-serverless-postgres",
    description="Aurora Serverless PostgreSQL cluster with Data API, automatic pause and managed credentials",
    resources=resources,
    outputs=outputs,
)
