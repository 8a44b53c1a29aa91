"""The permissions boundary of an environment: what its templates' roles may do at most, together.

With it, a policy written into such a role gives nothing beyond what some role of the templates has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from aurora_cfn.facts import read_facts
from aurora_cfn.iam.document import Condition, Limit, document, listed, numbered
from aurora_cfn.iam.live_sessions import queues
from aurora_cfn.iam.roles import with_boundaries
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.secret_limits import READ_SECRET, master_secrets
from aurora_cfn.iam.services import function_arns, own_functions
from aurora_cfn.iam.stack_resources import Made, of_type
from aurora_cfn.model.live_session import QUEUE_ACTIONS
from aurora_cfn.model.resource_types import ROLE
from aurora_cfn.model.value import Value, member
from aurora_cfn.template.forms import joined_parts
from aurora_cfn.template.mentions import lone_ref

MANAGED_POLICIES: Final[Mapping[str, Sequence[str]]] = read_facts("iam_actions")["managed policies"]
"""What the managed policies that our templates attach allow."""
REFUSED: Final = ("iam", "sts", "organizations", "account", "sso", "identitystore", "cloudformation")
"""Services whose actions lead from one role to another: of these a boundary holds the end of branches alone."""
_END: Final = "cloudformation:DeleteStack"
_BRANCHES: Final = ("aws:ResourceTag/aurora-cfn:copy", "branch")


def with_boundary(scope: Scope, environment: str, given: str) -> Scope:
    """The scope with the permissions boundaries of its roles; one of our own name where the params file has none.

    `given` is the ARN in the params file. The role of live sessions is not made by a template: it has that one.
    """
    arn = given or f"arn:{scope.partition}:iam::{scope.account}:policy/aurora-cfn-{environment}-boundary"
    return replace(scope, boundaries=(arn,)) if scope.live else with_boundaries(scope, arn)


def boundary(scope: Scope, *, live: bool) -> dict[str, Any]:
    """The policy: the actions of all roles, each limited to the environment as well as its service can be.

    `live`: the environment may have live sessions, see `aurora_cfn.iam.live_sessions`.
    """
    roles = [pair for row in of_type(scope.made or (), ROLE) for pair in _allowed(row, scope)]
    return document([*numbered("Roles", roles), *numbered("Sessions", _of_sessions(scope) if live else ())])


def _of_sessions(scope: Scope) -> Iterator[tuple[str, Limit]]:
    """What the schedules do that put code back, and what functions do while a stub stands in place of their code.

    A role that the policy of a queue names is limited by its boundary too (IAM User Guide, "Permissions boundaries for
    IAM entities", read 2026-11).
    """
    if functions := own_functions(scope):
        yield "lambda:UpdateFunctionCode", Limit(tuple(functions))
        yield "s3:GetObject", Limit(tuple(f"arn:{scope.partition}:s3:::{name}/*" for name in scope.buckets))
        yield from ((action, Limit((queues(scope),))) for action in QUEUE_ACTIONS)


def not_covered(scope: Scope) -> Iterator[str]:
    """What roles of the templates have that the boundary leaves out, with the stack and the role."""
    for row in of_type(scope.made or (), ROLE):
        rules = [(action, rule) for rule in _statements(row) for action in listed(rule.get("Action"))]
        yield from (f"{row.stack}: {row.logical_id}: {action}" for action, rule in rules if _refused(action, rule))
        for arn in _managed(row):
            if _last(arn) not in MANAGED_POLICIES:
                yield f"{row.stack}: {row.logical_id}: {arn}"


def _allowed(row: Made, scope: Scope) -> Iterator[tuple[str, Limit]]:
    for rule in _statements(row):
        for action in listed(rule.get("Action")):
            if isinstance(action, str) and not _refused(action, rule):
                yield from ((action, limit) for limit in _limits(action, rule, scope))
    for arn in _managed(row):
        # The log groups of these services are in the account and region of the resource.
        yield from ((action, Limit((scope.arn("logs", "*"),))) for action in MANAGED_POLICIES.get(_last(arn), ()))


def _refused(action: Value, rule: Mapping[str, Value]) -> bool:
    """Whether the boundary leaves it out. The end of a branch, which a schedule of `branch-janitor` is, it has."""
    if not isinstance(action, str):
        return False
    key, value = _BRANCHES
    condition = _condition(rule.get("Condition")) or {}
    ends = action == _END and condition.get("StringEquals", {}).get(key) in (value, [value])
    return "*" in action or (action.partition(":")[0] in REFUSED and not ends)


def _limits(action: str, rule: Mapping[str, Value], scope: Scope) -> Iterator[Limit]:
    service = action.partition(":")[0]
    if action == READ_SECRET or (service == "secretsmanager" and scope.secrets):
        yield from (Limit((scope.secret(name),)) for name in scope.secrets)
        yield from master_secrets(scope) if action == READ_SECRET else ()
    elif service == "dsql":
        yield Limit((scope.arn("dsql", "cluster/*"),), scope.stack_tag())
    elif service == "lambda" and function_arns(scope):
        yield Limit(tuple(function_arns(scope)))
    else:
        arns = dict.fromkeys(_pattern(value, service, scope) for value in listed(rule.get("Resource")))
        yield Limit(tuple(arns), _condition(rule.get("Condition")))


def _pattern(value: Value, service: str, scope: Scope) -> str:
    """The resource as far as it is known: an ARN with stars, or all of the service in this account and region."""
    if isinstance(value, str):
        return value
    text = "".join(_known(part, scope) for part in joined_parts(value) or ())
    if text.startswith(f"arn:{scope.partition}:{service}:"):
        return text
    return scope.arn(service, "*")


def _known(part: Value, scope: Scope) -> str:
    if lone_ref(part) == "AWS::AccountId":
        return scope.account
    return part if isinstance(part, str) else "*"


def _condition(value: Value) -> Condition | None:
    """The condition where all of it is known; the boundary is only the upper limit, so that it may do without."""
    if not isinstance(value, Mapping):
        return None
    keys = [found for found in value.values() if isinstance(found, Mapping)]
    known = all(isinstance(item, str) for found in keys for row in found.values() for item in listed(row))
    return {str(name): dict(found) for name, found in zip(value, keys, strict=True)} if known else None


def _statements(row: Made) -> Iterator[Mapping[str, Value]]:
    for written in listed(row.properties.get("Policies")):
        for rule in listed(member(written, "PolicyDocument", "Statement")):
            if isinstance(rule, Mapping) and rule.get("Effect") == "Allow":
                yield rule


def _managed(row: Made) -> Iterator[str]:
    yield from (arn for arn in listed(row.properties.get("ManagedPolicyArns")) if isinstance(arn, str))


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]
