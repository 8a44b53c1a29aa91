"""What CloudFormation may do in the other services: by name where that gives rights, else by region and account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.iam.document import Condition, Statement, statement
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.secret_limits import READ_SECRET
from aurora_cfn.iam.stack_resources import LONGEST_DATABASE, LONGEST_FUNCTION, Made, of_type
from aurora_cfn.model.resource_types import FUNCTION_TYPES
from aurora_cfn.model.value import texts
from aurora_cfn.template.authorization import arn_forms

_READS: Final = ("Describe", "List")
_CRYPTOGRAPHIC: Final = re.compile(r"kms:(Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt\w*)")
_GRANT: Final = "kms:CreateGrant"
_OBJECTS: Final = re.compile(r"s3:[Gg]etObject(Version)?")
_DSQL_NEW: Final = frozenset(
    {"dsql:CreateCluster", "dsql:PutMultiRegionProperties", "dsql:PutWitnessRegion", "dsql:TagResource"}
)
"""Asked before the cluster has the tags of its stack."""
_PROPERTY_ARN: Final = re.compile(r"arn:[a-z-]+:(kms|s3):[^\s{}]+")


def reads(action: str) -> bool:
    """Whether the action only lists or describes: most of these know no resources, and none gives data away."""
    return action.partition(":")[2].startswith(_READS)


def service_statements(actions: Sequence[str], scope: Scope) -> Iterator[Statement]:
    """The statements for `actions` that change something, without those of IAM and RDS."""
    services: dict[str, list[str]] = {}
    for action in actions:
        services.setdefault(action.partition(":")[0], []).append(action)
    for service, statements in _SPECIAL.items():
        yield from statements(services.pop(service, []), scope)
    holding = [action for service in _holding() for action in services.pop(service, ())]
    holders = sorted(set(_holders(scope)))
    if holding and holders:
        yield statement("HoldersOfRoles", holding, holders)
    yield from _by_account([action for rows in services.values() for action in rows], scope)


def _holding() -> Mapping[str, str]:
    """Services whose resources work with roles that they already have, to the start of the types of such resources."""
    found: Mapping[str, str] = read_facts("iam_actions")["holders of roles"]
    return found


def _holders(scope: Scope) -> Iterator[str]:
    """ARNs of resources that work with a role: a caller that changes one has the rights of that role."""
    for service, start in _holding().items():
        for row in of_type(scope.made or (), start):
            names = (value for key, value in row.properties.items() if key.endswith("Name") and isinstance(value, str))
            yield from (scope.arn(service, f"*{name}*") for name in (f"{row.stack}-", *names))


def _by_account(actions: Iterable[str], scope: Scope) -> Iterator[Statement]:
    limited: list[str] = []
    arns: set[str] = set()
    free: list[str] = []
    for action in actions:
        places = _places(action, scope)
        arns |= places
        (limited if places else free).append(action)
    if limited:
        yield statement("Resources", limited, sorted(arns))
    if free:
        yield statement("WithoutResources", free, ["*"])


def _places(action: str, scope: Scope) -> set[str]:
    """Everything of the action's service in the region and account."""
    if action.startswith("apigateway:"):
        # Its resources are paths, which the reference has under other names than its actions.
        return {f"arn:{scope.partition}:apigateway:{scope.region}::/*"}
    return {":".join([*_filled(form, scope).split(":", 5)[:5], "*"]) for form in arn_forms(action)}


def _filled(form: str, scope: Scope) -> str:
    for name, value in (("Partition", scope.partition), ("Region", scope.region), ("Account", scope.account)):
        form = form.replace(f"${{{name}}}", value)
    return form


def function_arns(scope: Scope) -> list[str]:
    """The ARNs of the environment's functions, with their versions and aliases."""
    # A custom resource may be served by a function of another stack.
    tokens = (row.properties.get("ServiceToken") for row in scope.made or ())
    others = [text for text in tokens if isinstance(text, str) and ":function:" in text]
    return [*own_functions(scope), *others]


def own_functions(scope: Scope) -> list[str]:
    """The ARNs of the functions that the templates make, with their versions and aliases."""
    rows = of_type(scope.made or (), *FUNCTION_TYPES)
    names = (row.name("FunctionName", LONGEST_FUNCTION) for row in rows)
    return [scope.arn("lambda", f"function:{name if name.endswith('*') else f'{name}*'}") for name in names]


def _functions(actions: list[str], scope: Scope) -> Iterator[Statement]:
    # A caller that may change the code of a function has the rights of that function's role.
    arns = function_arns(scope)
    own = [action for action in actions if any(":function:" in form for form in arn_forms(action))]
    if own and arns:
        yield statement("Functions", own, arns)
    others = [action for action in actions if action not in own]
    forms = sorted({_filled(form, scope) for action in others for form in arn_forms(action)})
    if others:
        yield statement("FunctionParts", others, forms or ["*"])


def _keys(actions: list[str], scope: Scope) -> Iterator[Statement]:
    made, named = scope.made or (), list(_property_arns(scope, "kms"))
    keys = [scope.arn("kms", "key/*"), *(arn for arn in named if f":{scope.account}:" not in arn)]
    if _GRANT in actions:
        yield statement("Grants", [_GRANT], keys, {"Bool": {"kms:GrantIsForAWSResource": "true"}})
    # Other services use a key for the caller; the caller itself decrypts nothing with it.
    through: Condition = {"StringLike": {"kms:ViaService": f"*.{scope.region}.amazonaws.com*"}}
    if used := [action for action in actions if _CRYPTOGRAPHIC.fullmatch(action)]:
        yield statement("Encryption", used, keys, through)
    rest = [action for action in actions if action not in {*used, _GRANT}]
    if rest and of_type(made, "AWS::KMS::"):
        free = [action for action in rest if not arn_forms(action)]
        if free:
            yield statement("NewKeys", free, ["*"])
        yield statement("Keys", [row for row in rest if row not in free], [keys[0], scope.arn("kms", "alias/*")])


def _buckets(actions: list[str], scope: Scope) -> Iterator[Statement]:
    objects = [action for action in actions if _OBJECTS.fullmatch(action)]
    if objects:
        yield statement("Code", objects, [f"arn:{scope.partition}:s3:::{name}/*" for name in scope.buckets])
    # The name of a bucket has 63 characters at most too (S3 User Guide, bucket naming rules).
    made = (row.name("BucketName", LONGEST_DATABASE).lower() for row in of_type(scope.made or (), "AWS::S3::Bucket"))
    arns = {f"arn:{scope.partition}:s3:::{name}" for name in made}
    arns |= {arn.partition("/")[0] for arn in _property_arns(scope, "s3")}
    others = [action for action in actions if action not in objects]
    if others and arns:
        yield statement("Buckets", others, sorted(arns))


def _distributed(actions: list[str], scope: Scope) -> Iterator[Statement]:
    # The id of a cluster is random: before it is made only its stack's tag distinguishes it from another one.
    new = [action for action in actions if action in _DSQL_NEW]
    if new:
        yield statement("NewDsqlClusters", new, [scope.arn("dsql", "cluster/*")])
    if rest := [action for action in actions if action not in new]:
        yield statement("DsqlClusters", rest, [scope.arn("dsql", "cluster/*")], scope.stack_tag())


def _secrets(actions: list[str], scope: Scope) -> Iterator[Statement]:
    rows = of_type(scope.made or (), "AWS::SecretsManager::Secret")
    changing = [action for action in actions if action != READ_SECRET]
    # The names of secrets that RDS manages begin with rds!.
    names = ["rds!*", *(name for row in rows for name in _secret_names(row))]
    if changing:
        yield statement("Secrets", changing, [scope.arn("secretsmanager", f"secret:{name}") for name in names])
    if READ_SECRET in actions and scope.secrets:
        yield statement("ReadSecrets", [READ_SECRET], [scope.secret(name) for name in scope.secrets])


def _secret_names(row: Made) -> Iterator[str]:
    given = row.properties.get("Name")
    # CloudFormation names a secret after its resource only.
    yield f"{given}-??????" if isinstance(given, str) else f"{row.logical_id}-*"


def _property_arns(scope: Scope, service: str) -> Iterator[str]:
    found = (text for row in scope.made or () for text in texts(row.properties) if _PROPERTY_ARN.fullmatch(text))
    yield from dict.fromkeys(text for text in found if text.split(":")[2] == service)


_SPECIAL: Final = {
    "lambda": _functions,
    "kms": _keys,
    "s3": _buckets,
    "dsql": _distributed,
    "secretsmanager": _secrets,
}
