"""Aurora Serverless PostgreSQL: a cluster that scales by itself, pauses when idle and speaks SQL over HTTPS.

On Serverless v2, with the parameters and outputs that v1 stacks had: v1 ended on 2025-03-31, and no new v1 cluster can
be made.
"""

from __future__ import annotations

from aurora_cfn.blueprints.aurora import aurora_blueprint
from aurora_cfn.blueprints.parts.engine import AURORA_POSTGRES

BLUEPRINT = aurora_blueprint(
    AURORA_POSTGRES,
    name="aurora-serverless-postgres",
    description="Aurora Serverless PostgreSQL cluster with Data API, automatic pause and managed credentials",
)
