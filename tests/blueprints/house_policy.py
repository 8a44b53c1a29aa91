"""The house's rules over a rendered template: each is a function from a template to what breaks the rule.

A resource may be excepted in its own Metadata, with a reason::

    aurora-cfn:
      house-policy:
        - {except: any-resource, reason: "in a key's policy the star is the key itself"}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Template: TypeAlias = dict[str, Any]
Rule: TypeAlias = Callable[[Template], Iterator[str]]

DATABASES = {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"}
STATEFUL = DATABASES | {
    "AWS::DSQL::Cluster",
    "AWS::DynamoDB::Table",
    "AWS::EFS::FileSystem",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
}
DESCRIBED = {
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::SSM::Parameter",
}
KEPT = {"Retain", "RetainExceptOnCreate", "Snapshot"}
WORLD = ("0.0.0.0/0", "::/0")
TLS_SETTINGS = {("rds.force_ssl", "1"), ("require_secure_transport", "ON")}
SERVICE_ROLE = ":iam::aws:policy/service-role/"
REASON = 20
# Their guides show trust policies without conditions (blueprints/parts/service_role.py).
WITHOUT_SOURCE_ACCOUNT = {"apigateway.amazonaws.com", "rds.amazonaws.com"}
LONE_REFERENCE = re.compile(r"\$\{[A-Za-z0-9:]+\}")
PRINCIPAL = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com")


def resources(template: Template, *types: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Logical id, entry and properties of the resources of these types, or of all."""
    for name, entry in template["Resources"].items():
        if not types or entry["Type"] in types:
            yield name, entry, entry.get("Properties", {})


def holding_data(template: Template) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Resources that hold data; an instance of a cluster holds none, its cluster does."""
    for name, entry, properties in resources(template, *STATEFUL):
        if "DBClusterIdentifier" not in properties or entry["Type"] == "AWS::RDS::DBCluster":
            yield name, entry, properties


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is a mapping; a reference, whose mapping is not known here, is none."""
    known = isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value)
    return value if known else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """The items that are mappings of properties, whatever their conditions."""
    return [row for item in listed(value) if (row := mapping(item))]


def excepted(entry: dict[str, Any], rule: str) -> bool:
    rows = entry.get("Metadata", {}).get("aurora-cfn", {}).get("house-policy", [])
    return any(row["except"] == rule and len(row["reason"]) >= REASON for row in rows)


def branches(value: Any) -> Iterator[Any]:
    """The values that a property can have, whatever its conditions."""
    if isinstance(value, dict) and isinstance(value.get("Fn::If"), list):
        for branch in value["Fn::If"][1:]:
            yield from branches(branch)
    else:
        yield value


def listed(value: Any) -> list[Any]:
    rows = value if isinstance(value, list) else [value]
    return [branch for row in rows for branch in branches(row) if branch != {"Ref": "AWS::NoValue"}]


def possible_texts(template: Template, value: Any) -> Iterator[str]:
    """Texts that a value can have: itself, or the default of the parameter that it refers to."""
    for branch in branches(value):
        if isinstance(branch, dict) and "Ref" in branch:
            yield str(mapping(template.get("Parameters", {}).get(str(branch["Ref"]))).get("Default", ""))
        elif not isinstance(branch, dict):
            yield str(branch)


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every policy statement in a value, however deep."""
    if isinstance(value, dict):
        if "Statement" in value:
            yield from (row for row in mappings(value["Statement"]) if "Effect" in row)
        for key, inner in value.items():
            if key != "Statement":
                yield from statements(inner)
    elif isinstance(value, list):
        for item in value:
            yield from statements(item)


def encrypted(template: Template) -> Iterator[str]:
    wanted = {
        "AWS::RDS::DBCluster": "StorageEncrypted",
        "AWS::RDS::DBInstance": "StorageEncrypted",
        "AWS::KMS::Key": "EnableKeyRotation",
    }
    for name, entry, properties in resources(template, *wanted):
        if "DBClusterIdentifier" in properties and entry["Type"] == "AWS::RDS::DBInstance":
            continue
        if properties.get(wanted[entry["Type"]]) is not True:
            yield f"{name}: {wanted[entry['Type']]} is not true"
    keyed = {
        "AWS::SNS::Topic": "KmsMasterKeyId",
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::S3::Bucket": "BucketEncryption",
    }
    for name, entry, properties in resources(template, *keyed):
        if not properties.get(keyed[entry["Type"]]):
            yield f"{name}: no {keyed[entry['Type']]}"


def over_tls(template: Template) -> Iterator[str]:
    for name, _, properties in resources(template, "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"):
        settings = {(name, str(value)) for name, value in mapping(properties.get("Parameters")).items()}
        if not TLS_SETTINGS & settings:
            yield f"{name}: does not force TLS"
    for name, entry, properties in resources(template, *DATABASES):
        group = "DBClusterParameterGroupName" if entry["Type"] == "AWS::RDS::DBCluster" else "DBParameterGroupName"
        if "DBClusterIdentifier" in properties and group == "DBParameterGroupName":
            continue
        if "Ref" not in (properties.get(group) or {}):
            yield f"{name}: no parameter group of its own"
    for name, _, properties in resources(template, "AWS::RDS::DBProxy"):
        if properties.get("RequireTLS") is not True:
            yield f"{name}: RequireTLS is not true"
    topics = [name for name, _, _ in resources(template, "AWS::SNS::Topic")]
    policies = [
        row for _, _, properties in resources(template, "AWS::SNS::TopicPolicy") for row in statements(properties)
    ]
    denies = any(row["Effect"] == "Deny" and "aws:SecureTransport" in str(row.get("Condition")) for row in policies)
    if topics and not denies:
        yield f"{topics[0]}: nothing denies messages without TLS"


def logging_in_with_iam(template: Template) -> Iterator[str]:
    for name, _, properties in holding_data(template):
        if "Engine" in properties and properties.get("EnableIAMDatabaseAuthentication") is not True:
            yield f"{name}: no IAM authentication"
    for name, _, properties in resources(template, "AWS::RDS::DBProxy"):
        if {str(row.get("IAMAuth")) for row in mappings(properties.get("Auth"))} != {"REQUIRED"}:
            yield f"{name}: clients may do without IAM"


def least_privilege(template: Template) -> Iterator[str]:
    for name, entry, properties in resources(template):
        for row in statements(properties):
            if row["Effect"] == "Allow":
                yield from (f"{name}: {what}" for what in _too_much(row, star=excepted(entry, "any-resource")))
        for policy in listed(properties.get("ManagedPolicyArns", [])):
            if SERVICE_ROLE not in str(policy):
                yield f"{name}: managed policy {policy}"
        if entry["Type"] == "AWS::Lambda::Permission" and not {"SourceArn", "SourceAccount"} & set(properties):
            yield f"{name}: anybody's resource may call"


def _too_much(statement: dict[str, Any], *, star: bool) -> Iterator[str]:
    yield from (f"action {action}" for action in listed(statement.get("Action", "*")) if "*" in str(action))
    if not star and "*" in listed(statement.get("Resource", [])):
        yield f"any resource for {statement.get('Action')}, and no reason"
    if "NotAction" in statement or "NotResource" in statement:
        yield "allows all but something"
    if any(principal in ("*", {"AWS": "*"}) for principal in listed(statement.get("Principal", []))):
        yield "any principal"


def logs_with_retention(template: Template) -> Iterator[str]:
    for name, entry, properties in resources(template, "AWS::Logs::LogGroup"):
        if not properties.get("RetentionInDays"):
            yield f"{name}: kept for ever"
        if not entry.get("DeletionPolicy") or not entry.get("UpdateReplacePolicy"):
            yield f"{name}: does not say what becomes of it"
    groups = str([properties.get("LogGroupName") for _, _, properties in resources(template, "AWS::Logs::LogGroup")])
    for name, entry, properties in resources(template):
        for lack in _unlogged(entry["Type"], entry, properties, groups):
            yield f"{name}: {lack}"
    if next(resources(template, "AWS::EC2::VPC"), None) and not next(resources(template, "AWS::EC2::FlowLog"), None):
        yield "VPC: no flow log"


def _unlogged(kind: str, entry: dict[str, Any], properties: dict[str, Any], groups: str) -> Iterator[str]:
    if kind in DATABASES and (kind == "AWS::RDS::DBCluster" or "DBClusterIdentifier" not in properties):
        exports = listed(properties.get("EnableCloudwatchLogsExports") or [""])
        yield from (f"no group for the log {log!r}" for log in exports if f"/{log}'" not in groups)
    if kind == "AWS::RDS::DBProxy" and ("/aws/rds/proxy/" not in groups or not entry.get("DependsOn")):
        yield "no group before it"
    own_group = mapping(properties.get("LoggingConfig")).get("LogGroup") or "/aws/lambda/" in groups
    if kind == "AWS::Lambda::Function" and not own_group:
        yield "no group of its own"
    if kind == "AWS::ApiGatewayV2::Stage" and not properties.get("AccessLogSettings"):
        yield "no access log"
    if kind == "AWS::ApiGateway::Stage" and not properties.get("AccessLogSetting"):
        yield "no access log"
    logged = mapping(properties.get("ConnectionLogOptions")).get("Enabled") is True
    if kind == "AWS::EC2::ClientVpnEndpoint" and not logged:
        yield "no connection log"


def nothing_open_to_the_world(template: Template) -> Iterator[str]:
    for name, entry, properties in resources(template):
        rules = [properties] if entry["Type"] == "AWS::EC2::SecurityGroupIngress" else []
        rules += mappings(properties.get("SecurityGroupIngress", []))
        for rule in rules:
            for key in ("CidrIp", "CidrIpv6"):
                if any(text in WORLD for text in possible_texts(template, rule.get(key, ""))):
                    yield f"{name}: the world may enter"
        if entry["Type"] == "AWS::RDS::DBInstance" and properties.get("PubliclyAccessible") is not False:
            yield f"{name}: PubliclyAccessible is not false"
        if entry["Type"] == "AWS::EC2::Subnet" and properties.get("MapPublicIpOnLaunch") is not False:
            yield f"{name}: MapPublicIpOnLaunch is not false"
        if entry["Type"] == "AWS::Lambda::Url" and properties.get("AuthType") != "AWS_IAM":
            yield f"{name}: anybody may call"


def egress_stated(template: Template) -> Iterator[str]:
    for name, entry, properties in resources(template, "AWS::EC2::SecurityGroup"):
        if not properties.get("SecurityGroupEgress"):
            yield f"{name}: everything may leave"
        yield from (
            f"{name}: {lack}" for lack in _wide_egress(template, entry, properties.get("SecurityGroupEgress") or [])
        )
    for name, entry, properties in resources(template, "AWS::EC2::SecurityGroupEgress"):
        yield from (f"{name}: {lack}" for lack in _wide_egress(template, entry, [properties]))


def _wide_egress(template: Template, entry: dict[str, Any], rules: list[Any]) -> Iterator[str]:
    for rule in mappings(rules):
        far = any(text in WORLD for text in possible_texts(template, rule.get("CidrIp", rule.get("CidrIpv6", ""))))
        if far and not excepted(entry, "egress-anywhere"):
            yield "to anywhere, and no reason"


def data_kept(template: Template) -> Iterator[str]:
    for name, entry, properties in holding_data(template):
        for policy in () if excepted(entry, "data-kept") else ("DeletionPolicy", "UpdateReplacePolicy"):
            if entry.get(policy) not in KEPT:
                yield f"{name}: {policy} is {entry.get(policy)}"
        if "Engine" in properties and "DeletionProtection" not in properties:
            yield f"{name}: no deletion protection"
        if "Engine" in properties and not (
            "BackupRetentionPeriod" in properties and properties.get("CopyTagsToSnapshot")
        ):
            yield f"{name}: no backups, or backups without tags"
        kept = False in branches(properties.get("DeleteAutomatedBackups", True))
        if entry["Type"] == "AWS::RDS::DBCluster" and not kept:
            yield f"{name}: its automated backups go with it, so that only the last state can be restored"
        if entry["Type"] == "AWS::DSQL::Cluster" and "DeletionProtectionEnabled" not in properties:
            yield f"{name}: no deletion protection"
    for name, row in template.get("Parameters", {}).items():
        if name.startswith("DeletionProtection") and row.get("Default") != "true":
            yield f"{name}: off by default"


def no_secret_in_the_open(template: Template) -> Iterator[str]:
    for name, row in template.get("Parameters", {}).items():
        if any(word in name.lower() for word in ("password", "privatekey")) and row.get("NoEcho") is not True:
            yield f"{name}: shown to everybody"
    for name, _, properties in resources(template, *DATABASES):
        for text in branches(properties.get("MasterUserPassword", {"Ref": "AWS::NoValue"})):
            if text != {"Ref": "AWS::NoValue"} and "{{resolve:secretsmanager:" not in str(text):
                yield f"{name}: a password in the template"


def described(template: Template) -> Iterator[str]:
    if len(template.get("Description", "")) < REASON:
        yield "Description"
    for name, row in template.get("Parameters", {}).items():
        if len(row.get("Description", "")) < REASON:
            yield f"Parameters.{name}"
        if "AllowedPattern" in row and not row.get("ConstraintDescription"):
            yield f"Parameters.{name}: a pattern without words"
    yield from (f"Outputs.{name}" for name, row in template.get("Outputs", {}).items() if not row.get("Description"))
    for name, _, properties in resources(template, *DESCRIBED):
        if not properties.get("Description"):
            yield f"Resources.{name}"
    for name, rule in template.get("Rules", {}).items():
        if not all(row.get("AssertDescription") for row in rule["Assertions"]):
            yield f"Rules.{name}"


def grouped(template: Template) -> Iterator[str]:
    interface = template.get("Metadata", {}).get("AWS::CloudFormation::Interface", {})
    shown = [name for group in interface.get("ParameterGroups", []) for name in group["Parameters"]]
    if sorted(shown) != sorted(template.get("Parameters", {})):
        yield "a parameter stands in no group, or in two"


def exported(template: Template) -> Iterator[str]:
    if "StackName" not in template.get("Outputs", {}):
        yield "StackName: no such output"
    for name, output in template.get("Outputs", {}).items():
        if output.get("Export", {}).get("Name") != {"Fn::Sub": f"${{AWS::StackName}}-{name}"}:
            yield f"{name}: not exported as <stack>-{name}"


def waived_with_a_reason(template: Template) -> Iterator[str]:
    for name, entry, _ in resources(template):
        metadata = entry.get("Metadata", {})
        own = metadata.get("aurora-cfn", {})
        reasons = [row.get("reason", "") for row in [*own.get("suppress", []), *own.get("house-policy", [])]]
        reasons += [row.get("comment", "") for row in metadata.get("checkov", {}).get("skip", [])]
        if any(len(reason) < REASON for reason in reasons):
            yield f"{name}: waived without a reason"
        ignored = metadata.get("cfn-lint", {}).get("config", {}).get("ignore_checks", [])
        if not set(ignored) <= {row["id"] for row in own.get("suppress", [])}:
            yield f"{name}: ignored for cfn-lint without a reason"


_KNOWN: dict[int, tuple[Any, list[tuple[str, str]]]] = {}


def texts(template: Template) -> Iterator[tuple[str, str]]:
    """Every text of the template with its path, in no order.

    What stands in an entry is kept, by its identity: the tests change thousands of templates in one place each.
    """
    for section, entries in template.items():
        for name, entry in entries.items() if isinstance(entries, dict) else [("", entries)]:
            known = _KNOWN.get(id(entry))
            if known is None:
                known = _KNOWN[id(entry)] = entry, list(_texts(entry))
            yield from ((f"/{section}/{name}{way}", text) for way, text in known[1])


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        way, each = waiting.pop()
        if isinstance(each, str):
            yield way, each
        elif isinstance(each, dict):
            waiting += [(f"{way}/{key}", below) for key, below in each.items()]
        elif isinstance(each, list):
            waiting += [(f"{way}/{key}", below) for key, below in enumerate(each)]


def in_any_partition(template: Template) -> Iterator[str]:
    """ARNs and addresses say the partition and its domain by pseudo parameters; principals are the same everywhere."""
    for way, text in texts(template):
        if "arn:aws:" in text or ("amazonaws.com" in text and not _principal(way, text)):
            yield f"{way}: {text} is of one partition only"


def _principal(way: str, text: str) -> bool:
    named = any(f"/{key}" in way for key in ("Principal", "aws:CalledVia", "iam:PassedToService"))
    return named and PRINCIPAL.fullmatch(text) is not None


def trusted_by_own_account(template: Template) -> Iterator[str]:
    """Services that send whose resource they work for assume roles for this account alone; the others are listed."""
    for name, _, properties in resources(template, "AWS::IAM::Role"):
        for row in statements(properties.get("AssumeRolePolicyDocument")):
            service = str(mapping(row.get("Principal")).get("Service"))
            if service not in WITHOUT_SOURCE_ACCOUNT and "aws:SourceAccount" not in str(row.get("Condition")):
                yield f"{name}: {service} may assume it for another account"


def bounded(template: Template) -> Iterator[str]:
    """An account that allows only roles with a permissions boundary can deploy every template."""
    wanted = [{"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]
    for name, _, properties in resources(template, "AWS::IAM::Role"):
        if list(branches(properties.get("PermissionsBoundary"))) != wanted:
            yield f"{name}: PermissionsBoundary is not the parameter of that name"
    if mapping(template.get("Parameters", {}).get("PermissionsBoundary", {"Default": ""})).get("Default") != "":
        yield "PermissionsBoundary: an update would ask for it"


def in_one_form(template: Template) -> Iterator[str]:
    """What can be written in two ways is written in one: DependsOn as a list, a lone reference as Ref."""
    for name, entry, _ in resources(template):
        if not isinstance(entry.get("DependsOn", []), list):
            yield f"{name}: DependsOn is not a list"
    for way, text in texts(template):
        if way.endswith("/Fn::Sub") and LONE_REFERENCE.fullmatch(text):
            yield f"{way}: {text} is a Ref"


RULES: tuple[Rule, ...] = (
    encrypted, over_tls, logging_in_with_iam, least_privilege, logs_with_retention, nothing_open_to_the_world,
    egress_stated, data_kept, no_secret_in_the_open, described, grouped, exported, waived_with_a_reason,
    in_any_partition, trusted_by_own_account, bounded, in_one_form,
)  # fmt: skip
