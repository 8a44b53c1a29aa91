"""What an environment asks for, stack by stack."""

from __future__ import annotations

import re

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import DesiredStack

_IAM = re.compile(r'^\s+"?Type"?: "?AWS::(IAM::|CloudFormation::Stack\b)', re.MULTILINE)
_EXPANDS = re.compile(r'^"?Transform"?:|Fn::Transform|^\s+"?Type"?: "?AWS::CloudFormation::Stack\b', re.MULTILINE)


def desired(environment: Environment, entry: EnvironmentStack, blueprint: Blueprint, template: str) -> DesiredStack:
    """The stack as it should be."""
    return DesiredStack(
        entry=entry,
        path=environment.path,
        template=template,
        capabilities=capabilities(template),
        tags={**environment.tags, **entry.tags},
        secrets=frozenset(row.name for row in blueprint.parameters if row.no_echo),
        protect=environment.protect,
        role_arn=environment.role_arn,
        notification_arns=environment.notification_arns,
        express=environment.express,
    )


def capabilities(template: str) -> tuple[str, ...]:
    """What CloudFormation wants acknowledged for the template: IAM resources, macros. Nothing more than it needs."""
    named = ("CAPABILITY_NAMED_IAM",) if _IAM.search(template) else ()
    return named + (("CAPABILITY_AUTO_EXPAND",) if _EXPANDS.search(template) else ())
