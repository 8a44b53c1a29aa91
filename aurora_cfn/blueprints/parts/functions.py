"""A Lambda function with its log group and a role for exactly its work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from troposphere import AWSObject, GetAtt, Output, Ref, Sub, Tags
from troposphere.awslambda import Environment, Function, LoggingConfig, TracingConfig, VPCConfig

from aurora_cfn.blueprint import ParameterGroup, commented, excepted, exported, waived
from aurora_cfn.blueprints.parts.code import code
from aurora_cfn.blueprints.parts.conditions import given, only_if
from aurora_cfn.blueprints.parts.observation import log_group, log_retention
from aurora_cfn.blueprints.parts.service_role import Document, allowed, role, trust_policy, writes_log
from aurora_cfn.parameters import Parameter

RUNTIME = "python3.13"

_PARAMETERS = (
    Parameter(
        "MemorySize", "Memory of the API's function in MiB; processing power grows with it.",
        default=512, type="Number", group="Function", low=128, high=10240, step=1,
    ),
    Parameter(
        "MaxConcurrency",
        "Maximum of concurrent executions of the API's function, reserved from the account's quota. Empty: no limit of"
        " its own.",
        default="", group="Function", pattern="^$|^[1-9][0-9]{0,4}$", constraint="empty, or a whole number from 1",
    ),
    log_retention("Days for which the logs of the functions and of the API are kept."),
)  # fmt: skip
FUNCTION_GROUP = ParameterGroup(_PARAMETERS, conditions={"HasMaxConcurrency": given("MaxConcurrency")})


@dataclass(frozen=True, slots=True)
class Program:
    """One function: `prefix` starts its logical ids, `entry` is the handler in the zip, `may` its own permissions."""

    prefix: str
    entry: str
    description: str
    environment: Mapping[str, Any]
    may: Sequence[Mapping[str, Any]] = ()
    timeout: int = 29  # seconds: API Gateway waits for a REST API's integration no longer (quotas, 2026-11)
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
    role = function_role(
        f"{program.prefix}Role",
        program.description,
        log_group=program.group,
        may=program.may,
        in_vpc=program.network is not None,
    )
    return [own_log(program.group, program.prefix.lower()), role, _function(program)]


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
    if program.depends_on:
        commented(made, DependsOn="Its code expects the schema that the migrations make.")
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
    """The value of ReservedConcurrentExecutions that MaxConcurrency asks for."""
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


def function_outputs(*, migrates: bool = True) -> list[Output]:
    """The function and the log groups to look at when a call to the API fails."""
    migration = exported("MigrationLog", "Log group of the migration", Ref("MigrationLogGroup"))
    return [
        exported("FunctionName", "Function that answers", Ref("ApiFunction")),
        exported("FunctionLog", "Log group of the function that answers", Ref("ApiLogGroup")),
        *([migration] if migrates else []),
        exported("AccessLog", "Log group with a line for every request", Ref("AccessLogGroup")),
    ]


def function_role(
    name: str, purpose: str, *, log_group: str, may: Sequence[Mapping[str, Any]], in_vpc: bool
) -> AWSObject:
    """A role that writes to its log group, traces, and does what `may` says; in a VPC Lambda makes its interfaces."""
    network = [_NETWORK, _NETWORK_NOT_BY_CODE] if in_vpc else []
    statements = [writes_log(log_group, sid="WriteItsLog"), _TRACE, *may, *network]
    last = f"Policies.0.PolicyDocument.Statement.{len(statements) - 1}"
    description = f"What this function may do: {purpose[0].lower()}{purpose[1:]}"
    made = role(name, description, trust_policy("lambda.amazonaws.com"), "work", statements)
    if in_vpc:
        commented(made, **{last: _WHY_DENIED})
    excepted(made, "any-resource", "neither X-Ray nor the network interfaces of Lambda know resources to name")
    return waived(made, _NO_RESOURCES) if in_vpc else made


# Neither X-Ray nor the network interfaces of Lambda know resources (service authorization reference, 2026-11).
_TRACE = allowed(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*", sid="Trace")
_NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
_NETWORK = allowed(_NETWORK_ACTIONS, "*", sid="LetLambdaMakeItsInterfaces")
_WHY_DENIED = (
    "The Lambda service makes the interfaces with this role; the function's code, which has the same role, must not."
)
_NETWORK_NOT_BY_CODE: Document = {
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
