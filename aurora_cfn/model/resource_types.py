"""The resource types that many rooms ask for by name."""

from __future__ import annotations

CLUSTER, INSTANCE, PROXY = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy"
DSQL = "AWS::DSQL::Cluster"
ROLE = "AWS::IAM::Role"
RDS_DATABASES = frozenset({CLUSTER, INSTANCE})
FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Serverless::Function")
