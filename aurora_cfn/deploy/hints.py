"""What to do about the failures that people meet with Aurora on CloudFormation.

The texts are those of the RDS, Secrets Manager and CloudFormation handlers, collected from public issue threads
and the handlers' source (2026-11).
"""

from __future__ import annotations

import re

_ROWS: tuple[tuple[str, str], ...] = (
    (
        r"cannot upgrade .* from .* to",
        "the running version is newer than EngineVersion: write the running version (or newer) into the params file",
    ),
    (
        r"engine mode serverless",
        "Aurora Serverless v1 ended on 2025-03-31: use the v2 template (ServerlessV2ScalingConfiguration)",
    ),
    (
        r"cluster ?snapshot .*(already exists|identifier)|DBClusterSnapshotAlreadyExists",
        "a snapshot with that fixed name exists: delete or rename it, or let RDS choose the name",
    ),
    (
        r"cannot delete protected|deletion ?protection",
        "deploy with DeletionProtection=false first, then repeat; the last snapshot is kept",
    ),
    (
        r"export .* cannot be (deleted|updated)|cannot (delete|update) export",
        "another stack imports this value: deploy the importing stack without it first",
    ),
    (
        r"no export named|export '.*' not found",
        "the network stack is not deployed under that name: check NetworkStackName, or use {stack: ...}",
    ),
    (
        r"secrets manager can.t find|could not be resolved: secret|JSONKey",
        "the secret named by DBMaster must exist in this region and hold the keys username and password",
    ),
    (
        r"(master ?user ?(name|password)|password).*(not (allowed|valid)|invalid|printable)|reserved word",
        "the name or password breaks RDS's rules: no / @ \" or spaces in a password, and no reserved name",
    ),
    (
        r"HttpEndpoint.*(not ?(enabled|supported)|isn.t)|http endpoint",
        "this engine version has no Data API: set EnableDataApi=false or a newer EngineVersion",
    ),
    (r"serverless ?v2 ?scaling ?configuration", "a db.serverless instance needs a cluster with scaling limits"),
    (r"DatabaseNotFoundException", "the cluster has no instance: give it one of the class db.serverless"),
    (r"availability zone.*coverage", "the subnets must lie in two availability zones at least"),
    (
        r"rate exceeded|request ?limit ?exceeded|throttl",
        "AWS throttled CloudFormation itself, and nothing is wrong with the template: deploy again",
    ),
    (
        r"did not stabilize|exceeded attempts to wait|timed out waiting",
        "CloudFormation stopped waiting for it: `aws rds describe-events` tells how far RDS came, and why no further",
    ),
    (r"attribute secretarn does not exist", "write MasterUserSecret.SecretArn"),
    (
        r"resource is immutable|EngineLifecycleSupport",
        "this property cannot change after creation: put the old value back",
    ),
    (
        r"encrypted db cluster from an unencrypted",
        "restoring an unencrypted snapshot into an encrypted cluster needs KmsKeyId (alias/aws/rds will do)",
    ),
    (
        r"parameter group .*famil|famil.* parameter group",
        "the parameter group's family must fit the major engine version",
    ),
    (r"AUTH_FAILURE|proxy target", "the proxy's role must read the secret and its key; the secret needs a username"),
    (
        r"cannot find version .* for aurora",
        "this region does not offer the version: `aws rds describe-db-engine-versions` lists those it has",
    ),
    (
        r"not authorized to perform|AccessDenied",
        "`aurora-cfn permissions deploy` prints the policy that the deploying role needs",
    ),
    (
        r"(limit|quota).*exceed|exceed.*(limit|quota)|QuotaExceeded",
        "an account quota is used up: ask for more in Service Quotas, or delete what is not needed",
    ),
    (r"already exists", "something outside this stack has that name: delete it, rename it here, or import it"),
)
HINTS = tuple((re.compile(pattern, re.IGNORECASE), hint) for pattern, hint in _ROWS)


def hint(reason: str) -> str:
    """What to do about that reason; empty when there is nothing certain to say."""
    return next((text for pattern, text in HINTS if pattern.search(reason)), "")
