from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE, PROXY
from aurora_cfn.lint.iam import ROLE, trusted_services
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

# Type, the path to its role, and the service that must be able to assume the role.
_ROLES: Final = (
    (PROXY, "RoleArn", "rds"),
    (CLUSTER, "MonitoringRoleArn", "monitoring.rds"),
    (INSTANCE, "MonitoringRoleArn", "monitoring.rds"),
    (CLUSTER, "AssociatedRoles[].RoleArn", "rds"),
    (INSTANCE, "AssociatedRoles[].RoleArn", "rds"),
    ("AWS::Lambda::Function", "Role", "lambda"),
    ("AWS::Serverless::Function", "Role", "lambda"),
)


class RoleTrust(AuroraRule):
    """A role that its service cannot assume.

    The trust policy of a role names the service that uses it: rds.amazonaws.com for a proxy and for features of a
    cluster, monitoring.rds.amazonaws.com for Enhanced Monitoring, lambda.amazonaws.com for a function. RDS and Lambda
    refuse the role otherwise, or no login through the proxy works.
    """

    id = "E9066"
    fix = "name the service as Principal in AssumeRolePolicyDocument"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Monitoring.OS.Enabling.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for kind, path, service in _ROLES:
            for resource in world.resources(kind):
                for found in places(resource, resource.get(), path):
                    role = world.target(found)
                    services = trusted_services(role) if role and role.type == ROLE else None
                    if role and services is not None and not any(row.startswith(f"{service}.") for row in services):
                        message = f"the trust policy of {role.name} does not name {service}.amazonaws.com"
                        yield at(found, message, f"let {service}.amazonaws.com assume {role.name}")
