"""The keys of a params file and of a stack policy in it: one table for the loader and the JSON Schema.

Stack policies: CloudFormation User Guide, "Prevent updates to stack resources" (read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from aurora_cfn.environment import allow_replace
from aurora_cfn.environment.fleet_keys import POOL, pool_faults
from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE, STACK_NAME, RegionName
from aurora_cfn.environment.shapes import AnyMap, Fault, Flag, Key, ListOf, MapOf, Record, Shape, Text, WholeNumber
from aurora_cfn.environment.values import STACK_KEY, STACK_KEY_RULE, ParameterShape
from aurora_cfn.model.value import Path, Value, member
from aurora_cfn.template.summary import TemplateSummary

_ACTION = Text(allowed=("Update:*", "Update:Modify", "Update:Replace", "Update:Delete"))
_RESOURCE = Text(r"\*|LogicalResourceId/[A-Za-z0-9*]+", "* or LogicalResourceId/DBCluster")
_TYPE = Text(r"(AWS|Custom)::[A-Za-z0-9:*-]+|\*", "a resource type such as AWS::RDS::DBCluster")


@dataclass(frozen=True, slots=True)
class OneOrList:
    """A value, or a list of such values."""

    item: Shape

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        shape = ListOf(self.item) if isinstance(value, list) else self.item
        yield from shape.faults(value, path)

    def schema(self) -> dict[str, Value]:
        return {"anyOf": [self.item.schema(), ListOf(self.item).schema()]}


_BY_TYPE = Record((Key("ResourceType", OneOrList(_TYPE), "Resource types.", required=True),))
_CONDITION = Record((Key("StringEquals", _BY_TYPE, "Exactly these."), Key("StringLike", _BY_TYPE, "Like these.")))
_STATEMENT = Record(
    (
        Key("Effect", Text(allowed=("Allow", "Deny")), "Deny wins over Allow.", required=True),
        Key("Action", OneOrList(_ACTION), "What an update would do to the resource.", required=True),
        Key("Principal", Text(allowed=("*",)), "Always *.", required=True),
        Key("Resource", OneOrList(_RESOURCE), "LogicalResourceId/... or *."),
        Key("NotResource", OneOrList(_RESOURCE), "All resources but these."),
        Key("Condition", _CONDITION, "By type of resource."),
    )
)
# CloudFormation limits a policy by its size only: 16,384 bytes (SetStackPolicy, API reference).
POLICY = Record((Key("Statement", ListOf(_STATEMENT, 100), "What is allowed and denied.", required=True),))


PARTITION = "arn:aws[a-z-]*"
ENVIRONMENT_PARAMETER = "EnvironmentName"
"""The parameter that gets the environment's name when a template has it and the file does not set it."""
BOUNDARY_KEY, BOUNDARY_PARAMETER = "permissions_boundary", "PermissionsBoundary"
"""The key of the file whose value the parameter gets when a template has it and the file does not set it."""
_KEY = Text(STACK_KEY, STACK_KEY_RULE)
CODE_PARAMETERS = frozenset({"CodeBucket", "CodeKey"})
# The letters of any language, digits, spaces and .:/=+@-_; without \w, which JavaScript (editors) reads as ASCII only.
MOST_TAGS = 48
"""CloudFormation allows 50 on a stack; two name the project and the environment."""
_TAG_SIGN = r"[^\x00-\x1f!-*,;<>?\[-^`{-\x7f]"
TAGS = MapOf(
    Text(
        rf"(?![aA][wW][sS]:|aurora-cfn:){_TAG_SIGN}{{1,128}}",
        "letters, digits and .:/=+@-_, at most 128, not starting with aws: or aurora-cfn:",
    ),
    Text(rf"{_TAG_SIGN}{{0,256}}", "letters, digits and .:/=+@-_, at most 256"),
    most=MOST_TAGS,
)

ENVIRONMENT = (
    Key(
        "region",
        RegionName(),
        "The AWS region of every stack in this file.",
        required=True,
    ),
    Key(
        "account",
        Text("[0-9]{12}", "the twelve digits of an account id"),
        "A guard: deploying to any other AWS account is refused. Quoted, because an account id is not a number.",
    ),
    Key(
        "project",
        Text(rf"{_TAG_SIGN}{{1,128}}", "letters, digits and .:/=+@-_, at most 128"),
        "The project that the stacks belong to, in the tag aurora-cfn:project; without it the repository's name.",
    ),
    Key(
        "endpoint",
        Text(allowed=("aws", "local")),
        "`local` deploys to the emulator on this machine, which starts by itself.",
    ),
    Key("profile", Text(r"\S.{0,127}", "a profile of the AWS configuration"), "The AWS profile to use by default."),
    Key(
        "role_arn",
        Text(rf"{PARTITION}:iam::[0-9]{{12}}:role/[A-Za-z0-9_+=,.@/-]+", "the ARN of an IAM role"),
        "The service role that CloudFormation assumes for every operation; a stack keeps it if this line is removed.",
    ),
    Key(
        BOUNDARY_KEY,
        Text(rf"{PARTITION}:iam::([0-9]{{12}}|aws):policy/[A-Za-z0-9_+=,.@/-]+", "the ARN of a managed policy"),
        "The policy that limits what roles made by the stacks may do: `aurora-cfn permissions boundary` prints it.",
    ),
    Key(
        "bucket",
        Text("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "an S3 bucket's name"),
        "Where templates over 51,200 bytes and Lambda packages are uploaded. Without it one is made after asking: "
        "aurora-cfn-<account>-<region>, private, encrypted, versioned, TLS only.",
    ),
    Key(
        "notification_arns",
        # 5: NotificationARNs of CreateStack (API reference).
        ListOf(Text(rf"{PARTITION}:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]+", "the ARN of an SNS topic"), 5),
        "SNS topics that get every event of the stacks.",
    ),
    Key("tags", TAGS, "Tags of every stack; CloudFormation passes them on to the resources."),
    Key("protect", Flag(), "Termination protection of every stack, and a typed name before anything is destroyed."),
    Key(
        "express",
        Flag(),
        "CloudFormation's express mode: done when the configuration is applied, without rollback. Not with protect.",
    ),
    Key(
        "live",
        Flag(),
        "`aurora-cfn dev` may replace the code of the functions in AWS for a time, and answer from this machine. Not "
        "with protect.",
    ),
)


def environment_record(templates: Mapping[str, TemplateSummary], least_stacks: int = 1) -> Record:
    """The keys of the whole file, which has at least so many stacks."""
    about = "The stacks, in any order; references decide the order of deployment."
    clients = (
        "A database for each client: one stack NAME-CLIENT, which `aurora-cfn clients create` makes; with `accounts` "
        "the stacks of one StackSet."
    )
    return Record(
        (
            *ENVIRONMENT,
            Key("stacks", MapOf(_KEY, StackShape(templates), least=least_stacks), about, required=True),
            Key("fleet", FleetShape(templates), clients),
        )
    )


def fleet_record(templates: Iterable[str], defaults: Shape, *, pool: bool = False) -> Record:
    """The keys under `fleet`, around what its defaults, and an account's parameters, may be.

    With a `pool` no template is required.
    """
    from aurora_cfn.environment.fleet_keys import accounts_key

    return Record(
        (
            Key(
                "name",
                # 30 here and 30 for a client's name leave NAME-CLIENT below the 61 characters of a cluster's name.
                Text(CLIENT_NAME, CLIENT_RULE, longest=CLIENT_LONGEST),
                "The start of the stacks' names, and the place of the clients' names in SSM; with `accounts` the name "
                "of the StackSet.",
                required=True,
            ),
            Key("template", Text(allowed=tuple(templates)), "The template of every client's stack.", not pool),
            Key("pool", POOL, "In place of a template: each client is a database and a role in a shared cluster."),
            Key(
                "regions",
                ListOf(RegionName(), 40),
                "The regions that a client may be in; the first one is the default.",
                required=True,
            ),
            Key("defaults", defaults, "Parameters of every client; `clients create --parameter` sets others."),
            Key(
                "max_clients_per_region",
                # 2,000 is the default quota of stacks in a region (CloudFormation quotas).
                # 40 clusters a region is the default quota of RDS: the rest is for restores.
                WholeNumber(1, 2000),
                "`clients create` refuses more in one region; 35 without it, as RDS allows 40 clusters by default.",
            ),
            allow_replace.OF_FLEET,
            accounts_key(defaults),
        )
    )


def stack_record(templates: Iterable[str], parameters: Shape) -> Record:
    """The keys under one stack, around what its parameters may be."""
    return Record(
        (
            Key("template", Text(allowed=tuple(templates)), "The template of this stack.", required=True),
            Key(
                "name",
                Text(STACK_NAME, "letters, digits and hyphens, starting with a letter, at most 128"),
                "The stack's name in AWS; without it `<key>-<environment>`, such as aurora-serverless-dev.",
            ),
            Key("parameters", parameters, "Values of the template's parameters, or references to them."),
            Key("tags", TAGS, "Tags of this stack, on top of those of the environment."),
            Key("protect", Flag(), "Termination protection of this stack, when it differs from the environment's."),
            Key("depends_on", ListOf(_KEY, 200), "Stacks to deploy first although no parameter refers to them."),
            Key(
                "after_deploy",
                ListOf(Text(r"(.|\n)+", "not empty"), 100),
                "A command that is run after the stack was deployed, with a login to its database in the environment: "
                "[dbmate, up].",
            ),
            Key(
                "handlers",
                Text(r"[^/\s\\][^\\]*", "a folder of the repository such as handlers"),
                "The folder with the code of the functions, in place of the handlers that the template ships: "
                "`aurora-cfn dev --copy-handlers FOLDER` writes them there.",
            ),
            allow_replace.OF_STACK,
            Key("stack_policy", POLICY, "The stack policy: the updates that CloudFormation refuses."),
        )
    )


def parameters_record(template: TemplateSummary) -> Record:
    """The keys under `parameters`: those without a default are required, except the environment's own name."""
    return Record(
        tuple(
            Key(
                row.name,
                ParameterShape(row),
                row.description,
                row.default is None and row.name != ENVIRONMENT_PARAMETER,
            )
            for row in template.parameters
        )
    )


@dataclass(frozen=True, slots=True)
class StackShape:
    """One stack: its template decides which parameters it has."""

    templates: Mapping[str, TemplateSummary]

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """Faults of the stack's keys and of its parameters."""
        name = member(value, "template")
        template = self.templates.get(name) if isinstance(name, str) else None
        # Without its template nothing is said about parameters: that the template is unknown is the one fault.
        parameters = parameters_record(template) if template else AnyMap()
        yield from stack_record(self.templates, parameters).faults(value, path)
        if template and isinstance(value, Mapping) and "handlers" in value:
            yield from _handlers_faults(template, value, (*path, "handlers"))
        # The whole section is missing: parameters without a default are still asked for.
        if isinstance(value, Mapping) and "parameters" not in value:
            yield from parameters.faults({}, (*path, "parameters"))

    def schema(self) -> dict[str, Value]:
        return {"$ref": "#/$defs/stack"}


def _handlers_faults(template: TemplateSummary, value: Mapping[str, Value], path: Path) -> Iterator[Fault]:
    given = value.get("parameters")
    # Commands that only look, and review, know of a rendered template what stands in it, and not its `code`.
    if not template.code and not all(map(template.parameter, CODE_PARAMETERS)):
        hint = "a template of your own names the folder itself, as Code or CodeUri of the function"
        yield Fault(path, f"the template {template.name} ships no handlers", hint)
    elif isinstance(given, Mapping) and not CODE_PARAMETERS.isdisjoint(given):
        yield Fault(path, "is not used beside CodeBucket and CodeKey, which name a zip", "leave one of them out")


@dataclass(frozen=True, slots=True)
class FleetShape:
    """The section `fleet`: its template decides which parameters its defaults may set; none is required."""

    templates: Mapping[str, TemplateSummary]

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """Faults of the keys, of the defaults, and of a list of regions that is empty."""
        name = member(value, "template")
        template = self.templates.get(name) if isinstance(name, str) else None
        defaults: Shape = AnyMap()
        if template:
            # A parameter without a default may also be given for each client.
            defaults = Record(tuple(replace(key, required=False) for key in parameters_record(template).keys))
        pool = isinstance(value, Mapping) and "pool" in value
        yield from fleet_record(self.templates, defaults, pool=pool).faults(value, path)
        yield from pool_faults(value, path)
        if isinstance(value, Mapping) and value.get("regions") == []:
            yield Fault((*path, "regions"), "is empty, at least 1 is needed")

    def schema(self) -> dict[str, Value]:
        return {"$ref": "#/$defs/fleet"}
