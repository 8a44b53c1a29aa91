"""Names that many rooms ask for: resource types, and prefixes given in place of a stack of the params file."""

from __future__ import annotations

CLUSTER, INSTANCE, PROXY = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy"
DSQL = "AWS::DSQL::Cluster"
ROLE = "AWS::IAM::Role"
RDS_DATABASES = frozenset({CLUSTER, INSTANCE})
PARAMETER_GROUPS = frozenset({"AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"})
SERVERLESS = "db.serverless"
"""The instance class of Aurora Serverless v2."""
DSQL_ADMIN = "admin"
"""The role that every cluster of Aurora DSQL has."""
FUNCTION_TYPES = ("AWS::Lambda::Function", "AWS::Serverless::Function")


BRANCH = "branch:"
"""The prefix of a branch: `branch:pr-812`."""
CLIENT = "client:"
"""The prefix of a client of a fleet: `client:acme`."""

LOCATIONS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""The types that are stacks with templates of their own, and the property that says where the template is."""
