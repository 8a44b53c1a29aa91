"""What a function in a VPC can reach, as EC2 describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.live_session import FunctionState


@dataclass(frozen=True, slots=True)
class AwsFunctionNetwork:
    """Routes, endpoints and security groups of functions."""

    session: Session

    def subnet_routes(self, state: FunctionState) -> list[Mapping[str, Any]]:
        """The routes of the subnets' tables; those of the VPC's main table for subnets without one."""
        own = self._tables("association.subnet-id", *state.subnets)
        found = {row.get("SubnetId") for table in own for row in table.get("Associations") or ()}
        main = [] if found >= set(state.subnets) else self._tables("vpc-id", state.vpc, main=True)
        return [route for table in [*own, *main] for route in table.get("Routes") or ()]

    def sqs_endpoints(self, state: FunctionState) -> list[Mapping[str, Any]]:
        """The endpoints for SQS in its VPC."""
        service = f"com.amazonaws.{state.arn.split(':')[3]}.sqs"
        with translated("DescribeVpcEndpoints"):
            found = self._ec2.describe_vpc_endpoints(
                Filters=[_filter("vpc-id", state.vpc), _filter("service-name", service)]
            )
        return list(found.get("VpcEndpoints") or ())

    def function_groups(self, state: FunctionState) -> list[Mapping[str, Any]]:
        """Its security groups."""
        with translated("DescribeSecurityGroups"):
            found = self._ec2.describe_security_groups(GroupIds=list(state.security_groups))
        return list(found.get("SecurityGroups") or ())

    def _tables(self, name: str, *values: str, main: bool = False) -> list[Mapping[str, Any]]:
        filters = [_filter(name, *values), *([_filter("association.main", "true")] if main else [])]
        with translated("DescribeRouteTables"):
            return list(self._ec2.describe_route_tables(Filters=filters).get("RouteTables") or ())

    @property
    def _ec2(self) -> Any:
        return self.session.client("ec2")


def _filter(name: str, *values: str) -> dict[str, Any]:
    return {"Name": name, "Values": list(values)}
