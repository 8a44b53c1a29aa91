"""The AWS calls of deploying and deleting stacks, as IAM actions: a part of the table in `permissions`."""

from __future__ import annotations

from aurora_cfn.aws.database_calls import FINDING, STACKS
from aurora_cfn.aws.live_calls import END_SESSION, FUNCTION_CODE

CHANGE_SET = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:GetTemplate",
    "cloudformation:ListChangeSets",
)
"""Create, read and delete a change set, with the empty stack that CreateChangeSet makes for a new one."""
EXECUTION = (
    *CHANGE_SET,
    "cloudformation:ExecuteChangeSet",
    "cloudformation:UpdateTerminationProtection",
    "rds:CreateDBClusterSnapshot",
    "rds:CreateDBSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBSnapshots",
)
INPUTS = ("ssm:GetParameters", "sts:GetCallerIdentity")
PREFLIGHT = (
    "cloudformation:DescribeAccountLimits",
    "cloudformation:GetTemplate",
    "cloudformation:ListExports",
    "cloudformation:ListImports",
    "cloudformation:ListStackResources",
    "cloudformation:ListStacks",
    "logs:DescribeLogGroups",
    "rds:DescribeAccountAttributes",
    "rds:DescribeDBClusters",
    "rds:DescribeDBEngineVersions",
    "rds:DescribeDBInstances",
    "s3:GetBucketTagging",
    "s3:HeadBucket",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "ssm:DescribeParameters",
    "ssm:GetParameters",
    "sts:GetCallerIdentity",
)
UPLOADS = (
    "s3:CreateBucket",
    "s3:GetBucketPolicy",
    "s3:GetBucketTagging",
    "s3:GetObject",
    "s3:HeadBucket",
    "s3:HeadObject",
    "s3:PutBucketEncryption",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutObject",
    "s3:PutPublicAccessBlock",
    "sts:GetCallerIdentity",
)
"""Create, protect and fill the bucket for code and for templates that are too large for a call."""
WATCH = (
    "cloudformation:CancelUpdateStack",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeEvents",
)
"""Follow an operation, cancel it, and read RDS events while CloudFormation has no new ones."""
SAFETY = ("cloudformation:GetStackPolicy", "cloudformation:SetStackPolicy")
"""The stack policy of a protected environment."""
DEPLOY = (
    *STACKS,
    *EXECUTION,
    *INPUTS,
    *UPLOADS,
    *WATCH,
    *PREFLIGHT,
    *SAFETY,
    "cloudwatch:GetMetricStatistics",  # the size of a database whose data a change may delete
    *FINDING,
    *FUNCTION_CODE,
    *END_SESSION,
    "rds-data:ExecuteStatement",
)
DESTROY = (
    *STACKS,
    *WATCH,
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:ListImports",
    "cloudformation:ListStackResources",
    "rds:DescribeAccountAttributes",  # how many automated backups of deleted clusters RDS can keep
    "rds:DescribeDBClusterAutomatedBackups",
    "sts:GetCallerIdentity",
)
