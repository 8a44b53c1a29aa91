"""Aurora Serverless MySQL: the same cluster as aurora-serverless-postgres, on the other engine.

Audit, error, general and slow query logs are switched on and exported; clients log in with IAM or a password, over TLS.
"""

from __future__ import annotations

from aurora_cfn.blueprints.aurora import aurora_blueprint
from aurora_cfn.blueprints.parts.engine import AURORA_MYSQL

BLUEPRINT = aurora_blueprint(
    AURORA_MYSQL,
    name="aurora-serverless-mysql",
    description="Aurora Serverless MySQL cluster with Data API, automatic pause, managed credentials and all logs",
)
