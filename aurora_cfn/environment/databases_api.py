"""What is wrong in a params file with a stack of the template databases-api, beside the shapes of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.environment.relations import Scope
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, EnvRef, SsmRef
from aurora_cfn.model.resource_types import CLUSTER, RDS_DATABASES
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.local_paths import local_paths
from aurora_cfn.template.resources import RETAINING, unconditional
from aurora_cfn.template.side import Side
from aurora_cfn.template.summary import TemplateSummary
from aurora_cfn.yamltext import Document

HANDLER = "databases_api"
"""The handler of the template's function."""
CLIENT_ROLE = "ClientRoleArn"
ALLOWED = (
    "AWS::EC2::SecurityGroup",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
)
"""Types that the role which the template makes allows; rules of security groups begin as their groups do."""
KEPT = RETAINING | {"Snapshot"}
OTHER_TIERS = ("pool", "accounts")


def is_api(template: TemplateSummary) -> bool:
    """Whether the stack of the template is a databases API."""
    return HANDLER in template.code


def api_complaints(document: Document, draft: EnvironmentStack | None, scope: Scope) -> Iterator[Complaint]:
    """Complaints about each such stack; `draft` is the section `fleet` as a stack, None without one."""
    found = [stack for stack in scope.stacks if (summary := scope.summary(stack)) and is_api(summary)]
    for stack in found:
        if draft is None:
            what = f"the template {stack.template} needs the section `fleet`, which its clients are made from"
            yield scope.complaint(stack, what, "see: aurora-cfn docs fleet#what-do-i-write")
        elif any(("fleet", tier) in document.lines for tier in OTHER_TIERS):
            what = f"the template {stack.template} makes a stack for each client, and this fleet has a pool or accounts"
            yield scope.complaint(stack, what, "use `clients`, `fleet`")
        elif template := scope.summary(draft):
            yield from _template_complaints(scope, stack, template, draft)
    if found and draft and (template := scope.summary(draft)):
        yield from _default_complaints(scope, draft, template)


def _default_complaints(scope: Scope, draft: EnvironmentStack, template: TemplateSummary) -> Iterator[Complaint]:
    """Defaults that the function could not know, or should not."""
    for name, value in draft.parameters.items():
        row, line = template.parameter(name), draft.lines.get(name, draft.line)
        what = ""
        if isinstance(value, SsmRef | EnvRef):
            what = "{ssm:} and {env:} are not known to databases-api, whose function makes the stacks of clients"
        elif row is not None and row.no_echo:
            what = "a secret (NoEcho) would be readable in the bucket, where databases-api has the defaults"
        if what:
            yield Complaint(what, scope.path, line, f"fleet.defaults.{name}", "write the value, or use {output:}")


def _template_complaints(
    scope: Scope, stack: EnvironmentStack, template: TemplateSummary, draft: EnvironmentStack
) -> Iterator[Complaint]:
    """What the API cannot create or must not delete."""
    if template.code or local_paths(template.template):
        what = f"clients of the template {template.name} need uploaded files, which databases-api does not make"
        yield scope.complaint(stack, what, "`aurora-cfn clients create` makes them")
    for row in unconditional(Evaluator(Side(template.template, draft.parameters))):
        name, kind = row.logical_id, row.type
        if CLIENT_ROLE not in stack.parameters and not kind.startswith(ALLOWED):
            what = f"the role that databases-api makes does not allow {kind} ({name} of the template {template.name})"
            remedy = f"set {CLIENT_ROLE}: `aurora-cfn permissions deploy --role` prints its policy"
            yield scope.complaint(stack, what, remedy)
        # An instance of a cluster has no data of its own.
        holds_data = kind == CLUSTER or (kind in RDS_DATABASES and "DBClusterIdentifier" not in row.properties)
        if holds_data and row.policy("DeletionPolicy") not in KEPT:
            what = f"{name} of the template {template.name} would be deleted with its data"
            yield scope.complaint(stack, what, "write DeletionPolicy: Snapshot")
