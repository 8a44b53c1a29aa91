"""The keys under `fleet.accounts`, where a client is an account, and `fleet.pool`, where clients share a cluster.

Bounds: CloudFormation API reference, StackSetOperationPreferences, DeploymentTargets, CreateStackSet (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE, RegionName
from aurora_cfn.environment.shapes import Fault, Flag, Key, ListOf, MapOf, Record, Shape, Text, WholeNumber
from aurora_cfn.environment.values import STACK_KEY
from aurora_cfn.model.value import Path, Value

_ACCOUNT = Text("[0-9]{12}", 'the twelve digits of an account id, quoted: "111111111111"')
_UNIT = Text("ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32}", "an organizational unit such as ou-ab12-11111111")
_PERCENT = "100%|[1-9]?[0-9]%"
_PREFERENCES = Record(
    (
        Key(
            "failure_tolerance",
            Text(f"0|[1-9][0-9]{{0,4}}|{_PERCENT}", 'a number of accounts or a share, quoted: "2" or "10%"'),
            "How many accounts of a region may fail before the operation stops; 0 without it.",
        ),
        Key(
            "concurrency",
            Text(f"[1-9][0-9]{{0,4}}|(?!0%){_PERCENT}", 'a number of accounts or a share, quoted: "5" or "25%"'),
            "How many accounts are worked on at once; 1 without it. In strict mode at most failure_tolerance + 1.",
        ),
        Key("mode", Text(allowed=("strict", "soft")), "soft keeps the concurrency after failures; strict without it."),
        Key("region_order", ListOf(RegionName(), 40), "The order of the regions; that of `regions` without it."),
        Key("parallel_regions", Flag(), "Work on all regions at once, in place of one after the other."),
    )
)


def accounts_key(parameters: Shape) -> Key:
    """The key `accounts` of a fleet, around what the parameters of one client may be."""
    about = "Each client is an AWS account: one StackSet, which `aurora-cfn fleet deploy` makes."
    return Key("accounts", _accounts_record(parameters), about)


def _accounts_record(parameters: Shape) -> Record:
    name = Text(CLIENT_NAME, CLIENT_RULE, longest=CLIENT_LONGEST)
    return Record(
        (
            Key(
                "permissions",
                Text(allowed=("self-managed", "service-managed")),
                "Roles in each account (self-managed, without it), or trusted access of AWS Organizations.",
            ),
            Key(
                "administration_role_arn",
                Text("arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+", "the ARN of an IAM role"),
                "The role that CloudFormation assumes here, with self-managed permissions; without it "
                "AWSCloudFormationStackSetAdministrationRole.",
            ),
            Key(
                "execution_role",
                Text("[A-Za-z0-9_+=,.@-]{1,64}", "the name of an IAM role"),
                "The role of that name in each account; AWSCloudFormationStackSetExecutionRole without it.",
            ),
            Key(
                "call_as",
                Text(allowed=("self", "delegated-admin")),
                "delegated-admin: the calls are made in an account to which Organizations delegated StackSets.",
            ),
            Key("auto_deployment", Flag(), "Deploy to accounts that join a unit; without review, by CloudFormation."),
            Key(
                "retain_on_removal",
                Flag(),
                "Keep the stacks of accounts that leave a unit, with auto_deployment; true without it.",
            ),
            Key("operation", _PREFERENCES, "How operations go through accounts and regions."),
            Key("clients", MapOf(name, _client_record(parameters), least=1), "The clients by name.", required=True),
        )
    )


def _client_record(parameters: Shape) -> Record:
    return Record(
        (
            Key("account", _ACCOUNT, "The account of the client."),
            Key("organizational_unit", _UNIT, "With service-managed permissions: the unit that the account is in."),
            Key("except", ListOf(_ACCOUNT, 1000), "Accounts of the unit that are left out; only without `account`."),
            Key("regions", ListOf(RegionName(), 40), "The regions of this client; those of the fleet without it."),
            Key("parameters", parameters, "Parameters that differ from the defaults of the fleet."),
        )
    )


POOL = Record(
    (
        Key(
            "stack",
            Text(STACK_KEY, "the key of a stack"),
            "The stack with the shared cluster, deployed once in each region.",
            required=True,
        ),
        # 5,000 is the most of Aurora PostgreSQL (Aurora User Guide, "Maximum connections for Aurora Serverless v2").
        Key("connection_limit", WholeNumber(1, 5000), "Connections of each client at most; 20 without it."),
        Key(
            "migrations",
            Text(r"[^/\s\\][^\\]*", "a folder of the repository such as migrations"),
            "The folder of the SQL files, in the order of their names, that `clients upgrade` runs in each database.",
        ),
    )
)


def pool_faults(fleet: Value, path: Path) -> Iterator[Fault]:
    """Keys of a fleet that a pool makes useless."""
    given = fleet if isinstance(fleet, Mapping) and "pool" in fleet else {}
    for key in ("template", "defaults", "accounts", "allow_replace"):
        if key in given:
            yield Fault((*path, key), "is not used beside `pool`, whose clients have no stacks", "leave it out")
