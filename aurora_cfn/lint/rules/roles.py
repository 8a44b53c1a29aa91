"""Rules about IAM roles: who may assume them, and what a function in a VPC needs."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.iam import managed_policies, own_statements, trusted_services
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import FUNCTION_TYPES, ROLE


class RoleTrust(AuroraRule):
    """A role that its service cannot assume.

    The trust policy of a role names the service that uses it: rds.amazonaws.com for a proxy and for features of a
    cluster, monitoring.rds.amazonaws.com for Enhanced Monitoring, lambda.amazonaws.com for a function. RDS and Lambda
    refuse the role otherwise, or no login through the proxy works.
    """

    id = "E9066"
    fix = "name the service as Principal in AssumeRolePolicyDocument"
    page = "USER_Monitoring.OS.Enabling"

    def look(self, variant: Variant) -> Iterator[Problem]:
        rows = read_facts("rule_tables")["roles"].items()
        for kind, path, service in ((kind, *row) for kind, paths in rows for row in paths.items()):
            for resource in variant.resources(kind):
                for found in places(resource, resource.get(), path):
                    role = variant.target(found)
                    services = trusted_services(role) if role and role.type == ROLE else None
                    if role and services is not None and not any(row.startswith(f"{service}.") for row in services):
                        message = f"the trust policy of {role.name} does not name {service}.amazonaws.com"
                        yield at(found, message, f"let {service}.amazonaws.com assume {role.name}")


class LambdaNetworkRole(AuroraRule):
    """A function in a VPC whose role may not create network interfaces.

    Lambda refuses the function: its execution role does not have permissions to call CreateNetworkInterface on EC2.
    Roles with a managed policy that is not known here are not checked.
    """

    id = "E9067"
    fix = "add the managed policy service-role/AWSLambdaVPCAccessExecutionRole to the role"
    page = "configuration-vpc"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for function in variant.resources(*FUNCTION_TYPES):
            role = variant.target(function.get("Role"))
            if role and role.type == ROLE and function.get("VpcConfig", "SubnetIds").given and _lacks(role):
                yield at(function.get("Role"), f"{role.name} does not allow ec2:CreateNetworkInterface")


def _lacks(role: Resource) -> bool:
    """Whether neither the policies of the role nor the managed ones that it names allow network interfaces."""
    managed, rows = managed_policies(role), own_statements(role)
    without = frozenset(read_facts("rule_tables")["without_network_interfaces"])
    if managed is None or rows is None or not managed <= without:
        return False
    return not any(row.allows("ec2:CreateNetworkInterface") for row in rows)
