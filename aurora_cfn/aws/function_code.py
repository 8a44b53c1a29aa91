"""Lambda functions: their code, and what those in a VPC can reach, as EC2 describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, STALE_REVISION, AwsError, BusyError
from aurora_cfn.model.live_session import CodePlace, FunctionState


@dataclass(frozen=True, slots=True)
class AwsFunctions:
    """The ports Functions and FunctionCode."""

    session: Session

    def code_sha256(self, function: str) -> str | None:
        found = self._configuration(function)
        return str(found.get("CodeSha256", "")) or None if found else None

    def function_state(self, function: str) -> FunctionState | None:
        found = self._configuration(function)
        return _state(found) if found else None

    def replace_code(self, function: str, zipped: bytes, revision: str) -> FunctionState:
        return self._updated(function, revision, ZipFile=zipped)

    def put_code_back(self, function: str, place: CodePlace, revision: str) -> FunctionState:
        return self._updated(function, revision, S3Bucket=place.bucket, S3Key=place.key)

    def _updated(self, function: str, revision: str, **code: Any) -> FunctionState:
        client = self.session.client("lambda")
        try:
            with translated("UpdateFunctionCode"):
                client.update_function_code(FunctionName=function, RevisionId=revision, **code)
        except AwsError as error:
            # RevisionId: Lambda refuses code for a function that has changed since it was read (UpdateFunctionCode).
            if error.code == STALE_REVISION:
                raise BusyError(f"{function} was changed by another at the same time; run the command again") from None
            raise
        with translated("GetFunctionConfiguration"):
            # It reads the configuration each second until the update is done: seconds, in a VPC up to a minute.
            client.get_waiter("function_updated").wait(
                FunctionName=function, WaiterConfig={"Delay": 1, "MaxAttempts": 180}
            )
        found = self._configuration(function)
        if found is None:
            raise AwsError(f"{function} was deleted meanwhile", code=NOT_FOUND)
        # Of now: the revision changes again when the update is done.
        return _state(found)

    def _configuration(self, function: str) -> Mapping[str, Any] | None:
        with translated("GetFunctionConfiguration", absent={NOT_FOUND}):
            found: Mapping[str, Any] = self.session.client("lambda").get_function_configuration(FunctionName=function)
            return found
        return None


def _state(row: Mapping[str, Any]) -> FunctionState:
    # A function outside of a VPC has none, or one with empty lists.
    network = row.get("VpcConfig") or {}
    return FunctionState(
        name=str(row["FunctionName"]),
        arn=str(row["FunctionArn"]),
        runtime=str(row.get("Runtime", "")),
        handler=str(row.get("Handler", "")),
        role=str(row.get("Role", "")),
        sha256=str(row.get("CodeSha256", "")),
        revision=str(row.get("RevisionId", "")),
        variables=dict((row.get("Environment") or {}).get("Variables") or {}),
        subnets=tuple(network.get("SubnetIds") or ()),
        security_groups=tuple(network.get("SecurityGroupIds") or ()),
        vpc=str(network.get("VpcId") or ""),
    )


@dataclass(frozen=True, slots=True)
class AwsFunctionNetwork:
    """Routes, endpoints and security groups of functions."""

    session: Session

    def subnet_routes(self, state: FunctionState) -> list[Mapping[str, Any]]:
        """The routes of the subnets' tables; those of the VPC's main table for subnets without one."""
        own = self._tables("association.subnet-id", *state.subnets)
        found = {row.get("SubnetId") for table in own for row in table.get("Associations") or ()}
        # A subnet without an association of its own uses the VPC's main table (VPC User Guide, "Route tables").
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
        """The security groups of the function."""
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
