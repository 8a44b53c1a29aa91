"""A Lambda function with what it stands on: a log group with retention and a role for exactly its work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from troposphere import AWSObject, GetAtt, Ref, Sub, Tags
from troposphere.awslambda import Environment, Function, LoggingConfig, TracingConfig, VPCConfig
from troposphere.iam import Policy, Role

from aurora_cfn.blueprint import excepted, waived
from aurora_cfn.blueprints.parts.code import code
from aurora_cfn.blueprints.parts.conditions import given, only_if
from aurora_cfn.blueprints.parts.log_groups import log_group, log_retention
from aurora_cfn.parameters import Parameter

RUNTIME = "python3.13"

FUNCTION_PARAMETERS = (
    Parameter(
        "MemorySize",
        "Memory of the API's function in MiB; processing power grows with it.",
        default=512,
        type="Number",
        group="Function",
        low=128,
        high=10240,
        step=1,
    ),
    Parameter(
        "MaxConcurrency",
        "Most copies of the API's function that run side by side, reserved from the account's quota. Empty: no bound of"
        " its own.",
        default="",
        group="Function",
        pattern="^$|^[1-9][0-9]{0,4}$",
        constraint="empty, or a whole number from 1",
    ),
    log_retention("Days for which the logs of the functions and of the API are kept."),
)
FUNCTION_CONDITIONS: dict[str, Any] = {"HasMaxConcurrency": given("MaxConcurrency")}


@dataclass(frozen=True, slots=True)
class Program:
    """One function: `prefix` starts its logical ids, `entry` is the handler in the zip, `may` its own permissions."""

    prefix: str
    entry: str
    description: str
    environment: Mapping[str, Any]
    may: Sequence[Mapping[str, Any]] = ()
    timeout: int = 29
    memory: Any = 256
    concurrency: Any = None
    network: VPCConfig | None = None
    depends_on: Sequence[str] = field(default_factory=tuple)

    @property
    def group(self) -> str:
        """Logical id of the log group."""
        return f"{self.prefix}LogGroup"

    @property
    def function(self) -> str:
        """Logical id of the function."""
        return f"{self.prefix}Function"


def function(program: Program) -> list[AWSObject]:
    """The log group, the role and the function."""
    return [own_log(program.group, program.prefix.lower()), _role(program), _function(program)]


def own_log(title: str, ending: str) -> AWSObject:
    """A log group named after the stack."""
    return log_group(title, Sub("/aurora-cfn/${AWS::StackName}/" + ending))


def _function(program: Program) -> AWSObject:
    made = Function(
        program.function,
        Description=program.description,
        Runtime=RUNTIME,
        Architectures=["arm64"],
        Handler=program.entry,
        Code=code(),
        Role=GetAtt(f"{program.prefix}Role", "Arn"),
        MemorySize=program.memory,
        Timeout=program.timeout,
        Environment=Environment(Variables=dict(program.environment)),
        LoggingConfig=_logging(program.group),
        TracingConfig=TracingConfig(Mode="Active"),
        **{name: value for name, value in _optional(program).items() if value},
        Tags=Tags(Name=Sub("${AWS::StackName}-" + program.prefix.lower())),
    )
    return waived(made, *_waivers(program))


def _logging(group: str) -> LoggingConfig:
    config = LoggingConfig(LogGroup=Ref(group))
    # troposphere 4.11.1 does not know this property.
    config.properties["LogFormat"] = "JSON"
    return config


def _optional(program: Program) -> Mapping[str, Any]:
    return {
        "DependsOn": list(program.depends_on),
        "ReservedConcurrentExecutions": program.concurrency,
        "VpcConfig": program.network,
    }


def bounded() -> Any:
    """The concurrency that MaxConcurrency asks for."""
    return only_if("HasMaxConcurrency", Ref("MaxConcurrency"))


def _waivers(program: Program) -> list[tuple[str, str]]:
    rows = [
        ("CKV_AWS_116", "its caller waits for the answer: nothing is lost when it fails"),
        ("CKV_AWS_173", "the environment holds host names and no secret; Lambda encrypts it with its own key"),
    ]
    if program.concurrency is None:
        rows.append(("CKV_AWS_115", "it runs once a deployment; a reservation would take from the API's quota"))
    if program.network is None:
        rows.append(("CKV_AWS_117", "it calls AWS endpoints only, which authorise by IAM and need no network of ours"))
    return rows


def _role(program: Program) -> AWSObject:
    statements = [_write_logs(program.group), _TRACE, *program.may]
    if program.network is not None:
        statements += [_NETWORK, _NETWORK_NOT_BY_CODE]
    role = Role(
        f"{program.prefix}Role",
        Description=f"What this function may do: {program.description[0].lower()}{program.description[1:]}",
        AssumeRolePolicyDocument=assumed_by("lambda.amazonaws.com"),
        Policies=[
            Policy(PolicyName="work", PolicyDocument={"Version": "2012-10-17", "Statement": statements}),
        ],
    )
    excepted(role, "any-resource", "neither X-Ray nor the network interfaces of Lambda know resources to name")
    return role if program.network is None else waived(role, _NO_RESOURCES)


def assumed_by(service: str) -> dict[str, Any]:
    """A trust policy for one service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _write_logs(group: str) -> dict[str, Any]:
    return {
        "Sid": "WriteItsLog",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": GetAtt(group, "Arn"),
    }


# Neither X-Ray nor the network interfaces of Lambda know resources (service authorization reference, 2026-11).
_TRACE: dict[str, Any] = {
    "Sid": "Trace",
    "Effect": "Allow",
    "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    "Resource": "*",
}
_NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
_NETWORK: dict[str, Any] = {
    "Sid": "LetLambdaMakeItsInterfaces",
    "Effect": "Allow",
    "Action": _NETWORK_ACTIONS,
    "Resource": "*",
}
_NETWORK_NOT_BY_CODE: dict[str, Any] = {
    # The service makes the interfaces; the code that runs under the same role must not.
    "Sid": "NotByTheCodeItself",
    "Effect": "Deny",
    "Action": _NETWORK_ACTIONS,
    "Resource": "*",
    "Condition": {
        "ArnLike": {
            "lambda:SourceFunctionArn": Sub(
                "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"
            )
        }
    },
}
_NO_RESOURCES = ("CKV_AWS_111", "the network interfaces of Lambda have no resources that a policy could name")
