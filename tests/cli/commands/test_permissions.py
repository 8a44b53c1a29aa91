"""`aurora-cfn permissions` as a whole; it calls AWS for an account that is not known, and for nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.aws.permissions import END_SESSION
from tests.cli.project import PARAMS, Project

CLUSTER = "arn:aws:dsql:eu-west-1:123456789012:cluster/abcdefghijklmnopqrstuvwxyz"
ROLE = "arn:aws:iam::123456789012:role/cloudformation"


def policy(project: Project, *arguments: str) -> tuple[dict[str, Any], str]:
    result = project.run("permissions", *arguments)
    assert result.exit_code == 0, result.stderr
    assert project.endpoint.actions == []
    statements = json.loads(result.stdout)["Statement"]
    return {row["Sid"]: row for row in statements}, result.stderr


def through_cloudformation(found: dict[str, Any]) -> list[str]:
    """Actions that are allowed in calls by CloudFormation only."""
    rows = [row for row in found.values() if "aws:CalledVia" in str(row.get("Condition"))]
    return [action for row in rows for action in row["Action"]]


def test_a_commands_own_calls(dev: Project) -> None:
    found, notes = policy(dev, "outputs")
    assert found == {
        "Calls1": {
            "Sid": "Calls1",
            "Effect": "Allow",
            "Action": [
                "cloudformation:DescribeStacks",
                "cloudformation:GetTemplate",
                "cloudformation:ListStackResources",
            ],
            "Resource": "arn:aws:cloudformation:*:*:stack/*",
        }
    }
    assert notes == ""


def test_an_environment_limits_it_and_adds_what_the_templates_need(dev: Project) -> None:
    found, _ = policy(dev, "deploy", "--env", "dev")
    stacks = [
        row
        for row in found.values()
        if row["Resource"] == "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/*"
    ]
    assert "cloudformation:ExecuteChangeSet" in stacks[0]["Action"]
    through = through_cloudformation(found)
    assert {"rds:CreateDBCluster", "rds:DeleteDBCluster", "ec2:CreateSecurityGroup"} <= set(through)
    assert "secretsmanager:GetSecretValue" not in through
    assert "PassTheRole" not in found
    own = [action for sid, row in found.items() if sid.startswith("Calls") for action in row["Action"]]
    assert not [action for action in own if action.startswith(("s3:", "ssm:Get"))]
    roles = found["PassRoles"]
    assert roles["Condition"]["StringEquals"] == {"iam:PassedToService": ["monitoring.rds.amazonaws.com"]}
    assert roles["Resource"] == "arn:aws:iam::123456789012:role/db-dev-MonitoringRole-*"
    databases = found["Databases"]["Resource"]
    assert "arn:aws:rds:eu-west-1:123456789012:cluster:dev-auroracluster" in databases


@pytest.mark.parametrize(
    ("bucket", "made"), [("bucket: mine\n", ""), ("", "aurora-cfn-123456789012-eu-west-1")], ids=["named", "ours"]
)
def test_who_uploads_may_use_the_bucket_and_make_it_only_if_none_is_named(dev: Project, bucket: str, made: str) -> None:
    code = (
        "  games:\n    template: dsql-api\n    parameters: {ClusterEndpoint: x.dsql.eu-west-1.on.aws, ClusterArn: x}\n"
    )
    text = bucket + PARAMS + code.replace("ClusterArn: x", f"ClusterArn: {CLUSTER}")
    dev.write(text)
    found, _ = policy(dev, "deploy", "--env", "dev")
    calls = [row for sid, row in found.items() if sid.startswith("Calls")]
    rows = [row for row in calls if str(row["Resource"]).startswith("arn:aws:s3:::")]
    name = f"arn:aws:s3:::{made or 'mine'}"
    assert {row["Resource"] for row in rows} == {name, f"{name}/*"}
    actions = {action for row in rows for action in row["Action"]}
    assert {"s3:GetObject", "s3:ListBucket", "s3:PutObject"} <= actions
    assert {"s3:CreateBucket", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration"} <= actions or not made
    assert actions == {"s3:GetObject", "s3:ListBucket", "s3:PutObject"} or made


def test_access_makes_secrets_of_its_own_database_only_and_rotates_it(dev: Project) -> None:
    found, _ = policy(dev, "access", "--env", "dev")
    where = {action: row for row in found.values() for action in row["Action"]}
    mine = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:aurora-cfn/dev-auroracluster/*"
    for action in ("CreateSecret", "DeleteSecret", "TagResource"):
        assert where[f"secretsmanager:{action}"]["Resource"] == mine
    rotated = [row for row in found.values() if "secretsmanager:RotateSecret" in row["Action"]]
    managed = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-*"
    assert [row["Resource"] for row in rotated] == [mine, managed]
    tags = rotated[1]["Condition"]["StringEquals"]
    cluster = "arn:aws:rds:eu-west-1:123456789012:cluster:dev-auroracluster"
    assert tags["secretsmanager:ResourceTag/aws:rds:primaryDBClusterArn"] == [cluster]
    assert cluster in where["rds:ModifyDBCluster"]["Resource"]


def test_a_secret_of_the_environment_is_named(dev: Project) -> None:
    dev.write(PARAMS + "      DBMaster: boss\n")
    found, _ = policy(dev, "doctor", "--env", "dev")
    secrets = next(row for row in found.values() if "secretsmanager:GetSecretValue" in row["Action"])
    assert "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-??????" in secrets["Resource"]
    behalf, _ = policy(dev, "deploy", "--env", "dev")
    assert behalf["ReadSecrets"]["Action"] == ["secretsmanager:GetSecretValue"]
    assert behalf["ReadSecrets"]["Resource"] == secrets["Resource"]


def test_a_secret_that_a_stack_makes_for_its_database_is_named(dev: Project) -> None:
    dev.write(PARAMS + "      SecretName: temporal-db-auth\n")
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:temporal-db-auth-??????"
    found, _ = policy(dev, "sql", "--env", "dev")
    assert arn in [row["Resource"] for row in found.values() if "secretsmanager:GetSecretValue" in row["Action"]]
    behalf, _ = policy(dev, "deploy", "--env", "dev")
    assert behalf["ReadSecrets"]["Resource"] == arn  # CloudFormation resolves the dynamic reference to it
    limits = policy(dev, "boundary", "--env", "dev")[0].values()
    (writing,) = [row for row in limits if "secretsmanager:PutSecretValue" in row["Action"]]
    assert writing["Resource"] == arn


def test_with_a_role_the_caller_passes_it_and_the_role_has_the_rest(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", f"role_arn: {ROLE}\nstacks:", 1))
    caller, _ = policy(dev, "deploy", "--env", "dev")
    assert caller["PassTheRole"]["Resource"] == ROLE
    assert through_cloudformation(caller) == []
    role, _ = policy(dev, "deploy", "--env", "dev", "--role")
    assert through_cloudformation(role) == []
    assert role["PassRoles"]["Condition"] == {"StringEquals": {"iam:PassedToService": ["monitoring.rds.amazonaws.com"]}}
    assert "rds:CreateDBCluster" in role["Databases"]["Action"]


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("deploy", True), ("diff", True), ("destroy", True), ("recover", True), ("drift", True), ("import", True),
        ("status", False), ("events", False), ("doctor", False), ("sql", False),
    ],
)  # fmt: skip
def test_exactly_that_role_is_passed_by_commands_that_give_it_to_cloudformation(
    dev: Project, name: str, passed: bool
) -> None:
    dev.write(PARAMS.replace("stacks:", f"role_arn: {ROLE}\nstacks:", 1))
    statements, _ = policy(dev, name, "--env", "dev")
    assert ("PassTheRole" in statements) is passed
    if passed:
        assert statements["PassTheRole"]["Action"] == ["iam:PassRole"]
        assert statements["PassTheRole"]["Resource"] == ROLE
        assert statements["PassTheRole"]["Condition"] == {
            "StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}
        }


def test_drift_that_is_taken_back_may_make_what_is_gone_but_deletes_nothing(dev: Project) -> None:
    found, _ = policy(dev, "drift", "--env", "dev")
    behalf = set(through_cloudformation(found))
    assert {"rds:CreateDBCluster", "rds:ModifyDBCluster"} <= behalf
    assert not {"rds:DeleteDBCluster", "iam:DeleteRole"} & behalf


def test_parameters_that_the_params_file_names_may_be_read_and_no_others(dev: Project) -> None:
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: {ssm: /db/most}"))
    found, _ = policy(dev, "status", "--env", "dev")
    (row,) = [one for one in found.values() if "ssm:GetParameters" in one["Action"]]
    assert row["Resource"] == "arn:aws:ssm:eu-west-1:123456789012:parameter/db/most"


@pytest.mark.parametrize("role", ["", f"role_arn: {ROLE}\n"])
def test_who_imports_reads_the_resources_in_their_own_name(dev: Project, role: str) -> None:
    dev.write(PARAMS.replace("stacks:", f"{role}stacks:", 1))
    found, _ = policy(dev, "import", "--env", "dev")
    assert "rds:DescribeDBClusters" in found["Actuals"]["Action"]
    assert "Condition" not in found["Actuals"]
    assert not [name for name in found["Actuals"]["Action"] if name.startswith(("rds:Create", "rds:Delete"))]


ACCOUNTS = """\
region: eu-west-1
account: "123456789012"
stacks: {network: {template: network}}
fleet:
  name: shop
  template: aurora-serverless-postgres
  regions: [eu-west-1, eu-central-1]
  defaults: {NetworkStackName: {stack: network}, MaxCapacity: {ssm: /shop/most}}
  accounts: {KEYS clients: {acme: {account: "111111111111"}}}
"""
BY_SERVICE = "permissions: service-managed, call_as: delegated-admin,"
ALONE = 'account: "111111111111"'
IN_UNIT = f"{ALONE}, organizational_unit: ou-ab12-11111111"


@pytest.mark.parametrize(
    ("options", "name", "account", "passed"),
    [
        ((), "*", "*", None),
        (("", ALONE), "shop:*", "123456789012", None),
        ((f'administration_role_arn: "{ROLE}",', ALONE), "shop:*", "123456789012", ROLE),
        # What a delegated administrator makes belongs to the management account.
        ((BY_SERVICE, IN_UNIT), "shop:*", "*", None),
    ],
    ids=["no environment", "default role", "own role", "delegated"],
)
def test_the_policy_of_accounts_is_limited_to_their_stack_set(
    dev: Project, options: tuple[str, ...], name: str, account: str, passed: str | None
) -> None:
    if options:
        text = ACCOUNTS.replace("KEYS", options[0]).replace(ALONE, options[1])
        (dev.folder / "params/tenants.yaml").write_text(text)
    found, said = policy(dev, "fleet", *(("--env", "tenants") if options else ()))
    rows = {action: row for row in found.values() for action in row["Action"]}
    region = "eu-west-1" if options else "*"
    whole = f"arn:aws:cloudformation:{region}:{account}:stackset/{name}"
    assert rows["cloudformation:DescribeStackSet"]["Resource"] == whole
    target = f"arn:aws:cloudformation:*:{account}:stackset-target/{name}"
    kinds = f"arn:aws:cloudformation:{region}:*:type/resource/*"
    assert rows["cloudformation:CreateStackInstances"]["Resource"] == [whole, target, kinds]
    assert rows["cloudformation:CreateStackSet"]["Resource"] == "*"
    owned = "aws:RequestTag/aurora-cfn:environment" in str(rows["cloudformation:CreateStackSet"].get("Condition"))
    assert owned is bool(options)
    assert rows.get("iam:PassRole", {}).get("Resource") == passed
    if options:
        stacks = rows["cloudformation:DescribeStacks"]["Resource"]
        assert stacks == "arn:aws:cloudformation:eu-west-1:123456789012:stack/network-tenants/*"
        assert rows["ssm:GetParameters"]["Resource"] == "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/most"
        # The template is small, and CloudFormation works in the accounts with roles that are there.
        assert not [action for action in rows if action.startswith(("s3:", "rds:"))]
    assert said == ""


@pytest.mark.parametrize(
    ("name", "tier", "options", "code", "words"),
    [
        ("fleet", "template: aurora-serverless-postgres", (), 3, "has no section `fleet.accounts`"),
        ("clients", 'accounts: {clients: {a: {account: "111111111111"}}}', (), 3, "`permissions fleet`"),
        ("fleet", 'accounts: {clients: {a: {account: "111111111111"}}}', ("--role",), 2, "leave out --role"),
    ],
)
def test_a_fleet_of_the_other_kind(
    dev: Project, name: str, tier: str, options: tuple[str, ...], code: int, words: str
) -> None:
    template = "" if "template" in tier else "template: aurora-serverless-postgres, "
    (dev.folder / "params/tenants.yaml").write_text(FLEET.replace("TIER", template + tier))
    result = dev.run("permissions", name, "--env", "tenants", *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "ends", "said"),
    [
        ("deploy", (), False, ""),
        ("deploy", ("--env", "dev"), False, "needs what `aurora-cfn permissions dev` prints"),
        ("dev", (), True, ""),
        ("dev", ("--env", "dev"), True, "the role that ends live sessions need a permissions boundary"),
        ("sql", ("--env", "dev"), False, ""),
    ],
)
def test_the_actions_that_end_a_session_are_those_of_dev(
    dev: Project, name: str, arguments: tuple[str, ...], ends: bool, said: str
) -> None:
    dev.write(PARAMS.replace("stacks:", "live: true\nstacks:"))
    found, notes = policy(dev, name, *arguments)
    actions = {action for sid, row in found.items() if sid.startswith("Calls") for action in row["Action"]}
    assert (set(END_SESSION) <= actions, bool(set(END_SESSION) & actions)) == (ends, ends)
    assert (said in notes, bool(notes)) == (True, bool(said))


def test_a_command_without_calls_says_so(dev: Project) -> None:
    result = dev.run("permissions", "render")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "render makes no call to AWS and needs no permission\n"


def test_wrong_use(dev: Project) -> None:
    for arguments, words in ((("nope",), "there is no command nope"), (("deploy", "--role"), "--role needs --env")):
        result = dev.run("permissions", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


def malformed(document: dict[str, Any]) -> list[str]:
    """What IAM's check of a policy would stumble over."""
    names = [row["Sid"] for row in document["Statement"]]
    found = [] if len(set(names)) == len(names) else [f"twice: {names}"]
    for row in document["Statement"]:
        arns = row["Resource"] if isinstance(row["Resource"], list) else [row["Resource"]]
        found += [action for action in row["Action"] if not ACTION.fullmatch(action)]
        found += [arn for arn in arns if arn != "*" and len(arn.split(":")) < 6]
        found += [f"{row['Sid']} is empty"] if not (arns and row["Action"] and row["Sid"].isalnum()) else []
        passes = "iam:PassRole" in row["Action"] and "iam:PassedToService" not in str(row.get("Condition"))
        found += [f"{row['Sid']} passes any role to anybody"] if passes else []
    return found


def arns(document: dict[str, Any]) -> list[str]:
    found = [row["Resource"] for row in document["Statement"]]
    flat = [arn for rows in found for arn in (rows if isinstance(rows, list) else [rows])]
    return [arn for arn in flat if arn != "*"]


EXAMPLES = Path(__file__).parents[3] / "params"


def test_what_is_printed_for_each_example_fits_into_managed_policies(dev: Project) -> None:
    for file in sorted(EXAMPLES.rglob("*.yaml")):
        dev.write(file.read_text())
        for options in ((), ("--role",)):
            whole = dev.run("permissions", "deploy", "--env", "dev", "--account", "123456789012", *options)
            parts = dev.run("permissions", "deploy", "--env", "dev", "--account", "123456789012", *options, "--split")
            assert (whole.exit_code, parts.exit_code) == (0, 0)
            assert "*" not in {part for arn in arns(json.loads(whole.stdout)) for part in arn.split(":")[3:5]}, file
            printed = [json.loads(whole.stdout), *json.loads(parts.stdout)]
            assert [trouble for one in printed for trouble in malformed(one)] == [], file
            sizes = [len("".join(json.dumps(part).split())) for part in json.loads(parts.stdout)]
            assert max(sizes) <= 6144
            length = len("".join(whole.stdout.split()))
            # A role takes ten managed policies.
            assert len(sizes) <= 3
            said = f"the policy has {length:,} characters without white space, and a managed policy takes 6,144"
            assert (said in whole.stderr) is (length > 6144) is (len(sizes) > 1)
            assert ("put it inline into a role" in whole.stderr) is (6144 < length <= 10240)


@pytest.mark.parametrize(
    ("command", "subject"), [("deploy", "repo:team/dbs:environment:dev"), ("diff", "repo:team/dbs:pull_request")]
)
def test_github_prints_who_may_take_the_role(dev: Project, command: str, subject: str) -> None:
    result = dev.run("permissions", command, "--env", "dev", "--github", "team/dbs")
    (statement,) = json.loads(result.stdout)["Statement"]
    host = "token.actions.githubusercontent.com"
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{host}"}
    assert statement["Condition"]["StringEquals"] == {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": subject}
    assert result.stderr == ""


NO_ACCOUNT = PARAMS.replace('account: "123456789012"\n', "")
CALLER = {"Account": "210987654321", "Arn": "arn:aws:iam::210987654321:user/me", "UserId": "x"}


@pytest.mark.parametrize(
    ("params", "given", "account", "called"),
    [
        (PARAMS, (), "123456789012", []),
        (PARAMS, ("--account", "123456789012"), "123456789012", []),
        (NO_ACCOUNT, ("--account", "111122223333"), "111122223333", []),
        (NO_ACCOUNT, (), "210987654321", ["GetCallerIdentity"]),
        (NO_ACCOUNT.replace("stacks:", "endpoint: local\nstacks:"), (), "000000000000", []),
    ],
)
def test_the_account_is_filled_in(
    dev: Project, params: str, given: tuple[str, ...], account: str, called: list[str]
) -> None:
    dev.write(params)
    dev.endpoint.answers["GetCallerIdentity"] = CALLER
    result = dev.run("permissions", "deploy", "--env", "dev", *given, "--endpoint-url", dev.endpoint.url)
    assert {arn.split(":")[4] for arn in arns(json.loads(result.stdout)) if ":rds:" in arn} == {account}
    assert dev.endpoint.actions == called


@pytest.mark.parametrize(
    ("params", "given", "code", "words"),
    [
        (PARAMS, ("--account", "111122223333"), 3, "--account is 111122223333, but params/dev.yaml says account 1234"),
        (PARAMS, ("--account", "1"), 2, "the twelve digits of an account id"),
        (NO_ACCOUNT, ("--endpoint-url", "http://127.0.0.1:9"), 4, "names no account, and AWS does not say which one"),
    ],
)
def test_an_account_that_is_not_known_is_asked_for(
    dev: Project, params: str, given: tuple[str, ...], code: int, words: str
) -> None:
    dev.write(params)
    result = dev.run("permissions", "deploy", "--env", "dev", *given)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


NETWORK = PARAMS.replace("aurora-serverless-postgres", "network").replace("    parameters:\n      MaxCapacity: 8\n", "")
OWN_POLICIES = "the policies of db-dev/CloseDefaultGroupRole, db-dev/FlowLogRole need a permissions boundary"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (PARAMS, ""),
        (NETWORK, OWN_POLICIES),
        (NETWORK.replace("stacks:", "permissions_boundary: arn:aws:iam::123456789012:policy/b\nstacks:"), ""),
    ],
)
def test_roles_that_need_a_boundary_are_named(dev: Project, params: str, words: str) -> None:
    dev.write(params)
    result = dev.run("permissions", "deploy", "--env", "dev", "--split")
    assert words in result.stderr
    assert bool(result.stderr) is bool(words)
    needed = "policy/b" if "permissions_boundary" in params else "policy/aurora-cfn-dev-boundary"
    assert (f"arn:aws:iam::123456789012:{needed}" in result.stdout) is (params != PARAMS)


def test_the_boundary_of_an_environment_is_printed(dev: Project) -> None:
    dev.write(NETWORK)
    found, said = policy(dev, "boundary", "--env", "dev")
    actions = {action for row in found.values() for action in row["Action"]}
    assert {"ec2:RevokeSecurityGroupIngress", "logs:PutLogEvents"} <= actions
    assert said == ""
    for arguments, words in (
        (("boundary",), "boundary needs --env"),
        (("boundary", "-e", "dev", "--split"), "cannot be"),
    ):
        result = dev.run("permissions", *arguments)
        assert (result.exit_code, words in result.stderr) == (2, True)


@pytest.mark.parametrize("options", [("--github", "a/b"), ("--env", "dev", "--github", "a")])
def test_github_needs_an_environment_and_a_repository(dev: Project, options: tuple[str, ...]) -> None:
    assert dev.run("permissions", "deploy", *options).exit_code == 2


FLEET = """\
region: eu-west-1
account: "123456789012"
stacks: {network: {template: network}, pool: {template: aurora-serverless-postgres, parameters: {ClusterName: pool}}}
fleet: {name: shop, regions: [eu-west-1, eu-central-1], TIER}
"""


@pytest.mark.parametrize(
    ("tier", "changed", "secrets"),
    [
        ("template: aurora-serverless-postgres", "shop-*", False),
        ("pool: {stack: pool}", None, True),
    ],
)
def test_the_policy_of_clients_is_limited_to_the_fleet(
    dev: Project, tier: str, changed: str | None, secrets: bool
) -> None:
    (dev.folder / "params/tenants.yaml").write_text(FLEET.replace("TIER", tier))
    found, _ = policy(dev, "clients", "--env", "tenants")
    own = [row for sid, row in found.items() if sid.startswith("Calls")]
    where = {action: str(row["Resource"]) for row in own for action in row["Action"]}
    stacks = "arn:aws:cloudformation:*:123456789012:stack"
    assert where.get("cloudformation:ExecuteChangeSet") == (f"{stacks}/{changed}/*" if changed else None)
    cluster = changed or "pool"
    assert where["rds-data:ExecuteStatement"] == f"arn:aws:rds:*:123456789012:cluster:{cluster}"
    claims = "arn:aws:ssm:*:123456789012:parameter/aurora-cfn/fleet/shop"
    assert where["ssm:PutParameter"] == str([claims, f"{claims}/*"])
    assert ("secretsmanager:CreateSecret" in where) == secrets
    through = through_cloudformation(found)
    assert ("rds:CreateDBCluster" in through, "ec2:CreateVpc" in through) == (not secrets, False)


STACKS = "template: aurora-serverless-postgres"
POOL = "pool: {stack: pool}"


@pytest.mark.parametrize(
    ("name", "tier", "client", "stack", "cluster", "secret"),
    [
        ("sql", STACKS, "acme", "shop-acme", "shop-acme", "rds!cluster-*"),
        ("sql", STACKS, "*", "*", "shop-*", "rds!cluster-*"),
        ("sql", POOL, "acme", "pool-tenants", "pool", "aurora-cfn/pool/shop-acme-??????"),
        ("run", POOL, "*", "pool-tenants", None, "aurora-cfn/pool/shop-*-??????"),
        ("inspect", POOL, "acme", "pool-tenants", "pool", "rds!cluster-*"),
        ("logs", STACKS, "acme", "shop-acme", None, None),
        ("recover", STACKS, "acme", "shop-acme", None, None),
    ],
)
def test_the_policy_of_one_client_reaches_its_own_stack_or_login(
    dev: Project, name: str, tier: str, client: str, stack: str, cluster: str | None, secret: str | None
) -> None:
    (dev.folder / "params/tenants.yaml").write_text(FLEET.replace("TIER", tier))
    found, _ = policy(dev, name, "--env", "tenants", "--client", client)
    where = {action: row["Resource"] for sid, row in found.items() if "Calls" in sid for action in row["Action"]}
    account = "*:123456789012"
    at = f"arn:aws:cloudformation:{account}:stack/{stack}/*" if stack != "*" else "*"
    assert where["cloudformation:DescribeStacks"] == at
    made = where.get("rds-data:ExecuteStatement")
    assert made == (f"arn:aws:rds:{account}:cluster:{cluster}" if cluster else None)
    read = where.get("secretsmanager:GetSecretValue")
    assert read == (f"arn:aws:secretsmanager:{account}:secret:{secret}" if secret else None)
    claims = f"arn:aws:ssm:{account}:parameter/aurora-cfn/fleet/shop"
    assert where["ssm:GetParameters"] == f"{claims}/{client}"
    assert where.get("ssm:GetParametersByPath") == ([claims, f"{claims}/*"] if client == "*" else None)
    assert "ssm:PutParameter" not in where


@pytest.mark.parametrize(
    ("arguments", "tier", "code", "words"),
    [
        (("deploy", "--env", "tenants"), STACKS, 2, "permissions deploy: the command has no --client"),
        (("boundary", "--env", "tenants"), STACKS, 2, "has no --client"),
        (("sql",), STACKS, 2, "--client needs --env"),
        (("sql", "--env", "dev"), STACKS, 3, "has no section `fleet`"),
        (("recover", "--env", "tenants"), POOL, 3, "leave out --client"),
        (("sql", "--env", "tenants"), f"{STACKS}, accounts: {{clients: {{a: {{{ALONE}}}}}}}", 3, "are AWS accounts"),
    ],
)
def test_a_policy_that_cannot_be_of_one_client(
    dev: Project, arguments: tuple[str, ...], tier: str, code: int, words: str
) -> None:
    (dev.folder / "params/tenants.yaml").write_text(FLEET.replace("TIER", tier))
    result = dev.run("permissions", *arguments, "--client", "acme")
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr
