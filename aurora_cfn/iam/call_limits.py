"""What the actions of a policy are limited to, within the scope of an environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.iam.document import ANYTHING, Condition, Limit
from aurora_cfn.iam.live_sessions import session_resources
from aurora_cfn.iam.scope import SCHEDULES, Scope
from aurora_cfn.iam.secret_limits import insights_keys, secret_keys, secret_limits
from aurora_cfn.iam.stack_resources import CLUSTER_NAME, INSTANCE_NAME, LONGEST_ROLE, of_type
from aurora_cfn.model.database_tunnel import FORWARDING
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

_READ_LOGS: Final = frozenset({"logs:FilterLogEvents", "logs:StartLiveTail", "logs:StartQuery"})
_LOG_FILES: Final = frozenset({"rds:DescribeDBLogFiles", "rds:DownloadDBLogFilePortion"})
_ONLY_NEW: Final[Condition] = {"Null": {"s3:if-none-match": "false"}}
"""Only uploads that do not write over an object: environments share a bucket (S3 User Guide, conditional writes)."""


def resource_types(group: str) -> Mapping[str, Sequence[str]]:
    """The resource types of RDS's actions: of `snapshots`, of other `changes`, or of blue/green `deployments`.

    Only snapshots get tags, but for the commands with `Scope.tags_databases`.
    """
    found: Mapping[str, Sequence[str]] = read_facts("iam_actions")["resource types"][group]
    return found


def limits(action: str, scope: Scope) -> tuple[Limit, ...]:
    """What the action is allowed for: none where the environment has nothing of that kind."""
    if action.startswith("pi:") or (scope.insights and action.startswith("kms:")):
        return tuple(_insights(action.partition(":")[0], scope))
    found = stack_set_resources(action, scope) or session_resources(action, scope)
    return (Limit(*found),) if found[0] else _limits(action, scope)


def _limits(action: str, scope: Scope) -> tuple[Limit, ...]:
    service = action.partition(":")[0]
    # Without the name of a stack DescribeStacks lists all, which is allowed for all or not at all.
    lists = action == "cloudformation:DescribeStacks" and scope.claims and any("*" in name for name in scope.stacks)
    if action in read_facts("iam_actions")["whole account"] or lists:
        return (ANYTHING,)
    if service == "secretsmanager":
        return tuple(secret_limits(action, scope))
    if service == "dsql":
        return tuple(_distributed(action, scope))
    if service in {"rds", "rds-data"}:
        return tuple(_databases(action, scope))
    if service == "kms" and action != "kms:Decrypt":
        return (Limit((scope.arn("kms", "key/*"),), _used_by_rds(action, scope)),)
    if service == "scheduler":
        return tuple(_schedules(scope))
    if action == "iam:PassRole":
        return tuple(_passed_roles(scope))
    if action == "ssm:StartSession":
        return (Limit(_tunnels(scope), {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}),)
    if service == "kms":
        through = f"secretsmanager.{scope.region}.amazonaws.com*"
        return (Limit(tuple(secret_keys(scope)), {"StringLike": {"kms:ViaService": through}}),)
    return (Limit(_others(service, action, scope), _ONLY_NEW if action == "s3:PutObject" else None),)


def _tunnels(scope: Scope) -> tuple[str, ...]:
    """Any host, as the params file names none, but only with the document that forwards a port: no shell."""
    document = f"arn:{scope.partition}:ssm:{scope.region}::document/{FORWARDING}"
    return (scope.arn("ec2", "instance/*"), scope.arn("ecs", "task/*"), document)


def _schedules(scope: Scope) -> Iterator[Limit]:
    # 64: the longest name of a group (EventBridge Scheduler API, CreateScheduleGroup).
    groups = ["*"] if scope.made is None else [row.name("Name", 64) for row in of_type(scope.made, SCHEDULES)]
    if groups:
        yield Limit(tuple(scope.arn("scheduler", f"schedule/{group}/*") for group in groups))


def _passed_roles(scope: Scope) -> Iterator[Limit]:
    """Any role for snapshot exports, because the params file names none; for schedules the roles of their stacks."""
    if scope.exports or scope.made is None:
        yield Limit((scope.role("*"),), {"StringEquals": {"iam:PassedToService": "export.rds.amazonaws.com"}})
    stacks = {row.stack for row in of_type(scope.made or (), SCHEDULES)}
    roles = [row for row in of_type(scope.made or (), "AWS::IAM::Role") if row.stack in stacks]
    names = ["*"] if scope.made is None else [row.name("RoleName", LONGEST_ROLE) for row in roles]
    if names and not scope.exports:
        passed = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
        yield Limit(tuple(map(scope.role, names)), passed)


def _others(service: str, action: str, scope: Scope) -> tuple[str, ...]:
    if service == "cloudformation":
        return _stacks(action, scope)
    if action == "ssm:TerminateSession":
        # Sessions are named after their caller.
        return (scope.arn("ssm", "session/${aws:username}-*"), scope.arn("ssm", "session/${aws:userid}-*"))
    if action == "ssm:GetParameters":
        return tuple(scope.arn(service, f"parameter/{name.lstrip('/')}") for name in scope.parameters)
    if service == "ssm" and scope.claims:
        # GetParametersByPath is authorized for the path itself.
        return tuple(scope.arn(service, f"parameter{scope.claims}{tail}") for tail in ("", "/*"))
    if service == "s3":
        tail = "/*" if action.endswith("Object") else ""
        return tuple(f"arn:{scope.partition}:s3:::{name}{tail}" for name in scope.buckets)
    if action in _READ_LOGS:
        return tuple(_log_groups(scope))
    return ("*",)


def _log_groups(scope: Scope) -> Iterator[str]:
    """ARNs of the groups that RDS writes the logs of the environment's databases to."""
    for place, kind, key in (("cluster", CLUSTER, CLUSTER_NAME), ("instance", INSTANCE, INSTANCE_NAME)):
        for name in scope.names(kind, key):
            yield scope.arn("logs", f"log-group:/aws/rds/{place}/{name}/*")


def _stacks(action: str, scope: Scope) -> tuple[str, ...]:
    reads = action.partition(":")[2].startswith(("Describe", "Get", "List"))
    names = [*scope.stacks, *(scope.readable if reads else ())]
    found = [scope.arn("cloudformation", f"stack/{name}/*" if name != "*" else "stack/*") for name in names]
    if action == "cloudformation:DescribeEvents":
        # Also called for change sets, and then the change set may be the resource that is authorized.
        found.append(scope.arn("cloudformation", "changeSet/*"))
    return tuple(found)


def _databases(action: str, scope: Scope) -> Iterator[Limit]:
    if scope.upgrades and action in resource_types("deployments"):
        if clusters := scope.names(CLUSTER, CLUSTER_NAME):
            yield Limit(tuple(scope.arn("rds", rest) for rest in _deployment_arns(action, clusters)))
        return
    if action in _LOG_FILES:
        # Those of the members of clusters too, whose names are not all known.
        yield Limit((scope.arn("rds", "db:*"),), scope.stack_tag() if scope.made else None)
        return
    kinds = (
        ("cluster",)
        if action.startswith("rds-data:")
        else resource_types("snapshots").get(action) or resource_types("changes").get(action)
    )
    if kinds is None:
        yield ANYTHING
        return
    if action == "rds:AddTagsToResource" and scope.tags_databases:
        kinds = (*kinds, "cluster", "db")
    names = {"cluster": scope.names(CLUSTER, CLUSTER_NAME), "db": scope.names(INSTANCE, INSTANCE_NAME)}
    if all(names.get(kind, True) for kind in kinds):
        arns = tuple(scope.arn("rds", f"{kind}:{name}") for kind in kinds for name in names.get(kind, ["*"]))
        yield Limit(arns, _owned(action, scope))


def _owned(action: str, scope: Scope) -> Condition | None:
    """For snapshots that are there, whose names may be any: they have the tags of the environment.

    The copy of a snapshot has no tags before it is made, so there only the tags of others are refused.
    """
    verb = action.removeprefix("rds:")
    if not scope.owner or not verb.startswith(("Copy", "Delete", "Modify", "StartExport")):
        return None
    operator = "StringEqualsIfExists" if verb.startswith("Copy") else "StringEquals"
    return {operator: {f"aws:ResourceTag/{key}": value for key, value in scope.owner.items()}}


def _used_by_rds(action: str, scope: Scope) -> Condition | None:
    """A grant only for RDS, which encrypts a snapshot with it; what a key is may be read."""
    if action != "kms:CreateGrant":
        return None
    through = {"kms:ViaService": f"rds.{scope.region}.amazonaws.com*"}
    return {"StringLike": through, "Bool": {"kms:GrantIsForAWSResource": "true"}}


def _insights(service: str, scope: Scope) -> Iterator[Limit]:
    if service == "kms":
        # As in "Changing an AWS KMS policy for Performance Insights" (Aurora user guide, read 2026-11).
        through = {"kms:ViaService": f"rds.{scope.region}.amazonaws.com*"}
        of_insights = {"kms:EncryptionContext:service": "pi"}
        yield Limit(tuple(insights_keys(scope)), {"StringLike": through, "StringEquals": of_insights})
    elif scope.made is None or of_type(scope.made, CLUSTER, INSTANCE):
        # The id of an instance is random. Performance Insights has the tags of the instance (Aurora user guide,
        # "Using tag-based access control for Performance Insights", read 2026-11).
        yield Limit((scope.arn("pi", "metrics/rds/*"),), scope.stack_tag() if scope.made else None)


def _distributed(action: str, scope: Scope) -> Iterator[Limit]:
    if scope.made is None:
        yield ANYTHING
    elif of_type(scope.made, "AWS::DSQL::Cluster"):
        # The id of a cluster is random, and stays unknown until the cluster is made.
        condition = scope.stack_tag() if action.startswith(("dsql:DbConnect", "dsql:Update")) else None
        yield Limit((scope.arn("dsql", "cluster/*"),), condition)


def _deployment_arns(action: str, clusters: Sequence[str]) -> Iterator[str]:
    """The ends of the ARNs that the action of an upgrade is allowed for.

    RDS names the green side NAME-green- and a random end. The blue side cannot be deleted: it may be in use.
    """
    for kind in resource_types("deployments")[action]:
        if kind == "cluster":
            yield from (f"cluster:{name}" for name in clusters)
        elif kind == "green cluster":
            yield from (f"cluster:{name}-green-*" for name in clusters)
        else:
            # Instances of a cluster have any names; groups and endpoints are only referred to.
            yield "db:*-green-*" if kind == "green db" else f"{kind}:*"


_TAGGED: Final = frozenset({"cloudformation:TagResource", "cloudformation:UntagResource"})
_WITH_TARGETS: Final = frozenset(
    f"cloudformation:{name}"
    for name in ("CreateStackInstances", "DeleteStackInstances", "UpdateStackInstances", "UpdateStackSet")
)
"""They also act on the targets, and on the resource types that the template has."""


def stack_set_resources(action: str, scope: Scope) -> tuple[tuple[str, ...], Condition | None] | None:
    """The ARNs of the action and their condition; None for an action that is not of StackSets."""
    if action == "cloudformation:CreateStackSet":
        # It has no resource types, so that the tags of the new StackSet are all that limits it.
        tags = {f"aws:RequestTag/{key}": text for key, text in scope.owner.items()} if scope.stack_set else {}
        return ("*",), {"StringEquals": tags} if tags else None
    if not (action in _TAGGED or "StackSet" in action or "StackInstance" in action):
        return None
    begin, account = f"arn:{scope.partition}:cloudformation", scope.set_account or scope.account
    name = f"{scope.stack_set}:*" if scope.stack_set else "*"
    found = [f"{begin}:{scope.region}:{account}:stackset/{name}"]
    if action in _WITH_TARGETS:
        # A target is in any region, and a public resource type is in no account (as AWS's own policies for Quick Setup
        # have them, read 2026-11).
        found.append(f"{begin}:*:{account}:stackset-target/{name}")
        found.append(f"{begin}:{scope.region}:*:type/resource/*")
    return tuple(found), None
