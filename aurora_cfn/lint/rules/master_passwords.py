"""Rules about the master password: one source, hidden, and of characters and a length that RDS takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import ATTACHMENT, SECRET, Cluster, aurora_clusters, master_secrets, single_instances
from aurora_cfn.lint.mentions import is_secret, mentions, written_parameter
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

_RESTORED: Final = (
    "DBSnapshotIdentifier",
    "DBClusterSnapshotIdentifier",
    "SourceDbiResourceId",
    "SourceDBInstanceAutomatedBackupsArn",
)


class OneMasterPassword(AuroraRule):
    """The master password comes from exactly one place.

    RDS refuses MasterUserPassword together with ManageMasterUserPassword, and a new cluster or instance without either.
    """

    id = "E9017"
    fix = "set ManageMasterUserPassword to true and leave MasterUserPassword out: RDS then keeps and rotates the secret"
    page = "rds-secrets-manager"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(CLUSTER, INSTANCE):
            password, managed = resource.get("MasterUserPassword"), resource.get("ManageMasterUserPassword")
            if managed.flag is True and password.given:
                yield at(password, "MasterUserPassword and ManageMasterUserPassword are both given")
        # A database that perhaps is not made needs no password yet.
        for cluster in aurora_clusters(variant):
            if cluster.resource.certain and not _is_exempt(cluster) and _has_no_password(cluster.resource):
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no master password")
        for instance in single_instances(variant):
            restored = any(not instance.get(name).absent for name in _RESTORED)
            if instance.certain and not restored and _has_no_password(instance):
                yield on(instance, f"the instance {instance.name} has no master password")


def _is_exempt(cluster: Cluster) -> bool:
    """Whether the cluster takes its password from elsewhere, or has none."""
    replica = not cluster.get("ReplicationSourceIdentifier").absent
    return cluster.is_copy or cluster.is_express or replica


def _has_no_password(database: Resource) -> bool:
    managed = database.get("ManageMasterUserPassword")
    given = not database.get("MasterUserPassword").absent or not (managed.absent or managed.flag is False)
    return not given and database.get("MasterUserAuthenticationType").absent


class VisiblePassword(AuroraRule):
    """The master password is readable in the description of the stack.

    A parameter without NoEcho shows its value in the console and in describe-stacks; a plain SSM parameter is not
    encrypted.
    """

    id = "W9018"
    fix = "use ManageMasterUserPassword, or a dynamic reference to a secret: {{resolve:secretsmanager:...}}"
    page = "rds-secrets-manager"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(CLUSTER, INSTANCE):
            found = resource.get("MasterUserPassword")
            start = str(next(iter(found.pieces), ""))
            name = written_parameter(variant, found.path)
            if start.startswith("{{resolve:ssm:"):
                yield at(found, "the password is unencrypted in the SSM Parameter Store")
            elif name and not is_secret(variant, name) and not start.startswith("{{resolve:"):
                yield at(found, f"the parameter {name} has no NoEcho")


class ManagedSecret(AuroraRule):
    """There is a managed secret only with ManageMasterUserPassword.

    MasterUserSecret.SecretArn is empty unless RDS manages the master password; the attribute SecretArn does not exist.
    """

    id = "E9019"
    fix = "set ManageMasterUserPassword to true on the database, or take the ARN of your own secret"
    page = "aws-properties-rds-dbcluster-masterusersecret"

    def look(self, variant: Variant) -> Iterator[Problem]:
        databases = ((row, row.get("ManageMasterUserPassword")) for row in variant.resources(CLUSTER, INSTANCE))
        without = {row.name for row, managed in databases if managed.absent or managed.flag is False}
        # Reading all references of a template is the slowest part of any rule, so only where there may be a finding.
        for reference, path in mentions(variant) if without else ():
            if reference.logical_id in without and reference.attribute == "MasterUserSecret.SecretArn":
                yield Problem(path, f"{reference.logical_id} has no managed secret")


class UnusedSecret(AuroraRule):
    """A secret is attached to a database whose password RDS manages.

    The secret holds another password than the database, so a login with it fails; the managed secret has the right one.
    """

    id = "W9075"
    fix = "leave the secret and its attachment out, or take MasterUserPassword from the secret"
    page = "rds-secrets-manager"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for attachment in variant.resources(ATTACHMENT):
            secret, database = variant.target(attachment.get("SecretId")), variant.target(attachment.get("TargetId"))
            if secret and database and secret.type == SECRET and database.type in {CLUSTER, INSTANCE}:
                user = secret.get("GenerateSecretString", "SecretStringTemplate")
                master = database.get("MasterUsername").text
                names_master = master is not None and f'"{master}"' in "".join(map(str, user.pieces))
                if database.get("ManageMasterUserPassword").flag is True and names_master:
                    yield on(attachment, f"{database.name} does not have the password of {secret.name}")


class GeneratedPassword(AuroraRule):
    """A generated master password of a length that RDS refuses.

    A master password has 8 characters at least, and 41 at most on Aurora, MySQL and MariaDB, 128 on PostgreSQL and SQL
    Server, 30 on Oracle. Secrets Manager generates 32 without PasswordLength.
    """

    id = "E9075"
    fix = "set PasswordLength to a length that RDS takes, such as 30"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        limits = read_facts("rule_tables")["longest_passwords"].items()
        for database, secret in master_secrets(variant):
            found, engine = secret.get("GenerateSecretString", "PasswordLength"), database.get("Engine").text or ""
            length = 32 if found.absent else found.number
            longest = next((most for name, most in limits if engine.lower().startswith(name)), None)
            if length is not None and longest and not 8 <= length <= longest:
                what = f"PasswordLength {length:g} of {secret.name} is not between 8 and {longest}, for {database.name}"
                yield Problem(secret.place_of(found), what)


class PasswordCharacters(AuroraRule):
    """A generated master password may hold characters that RDS refuses.

    A master password cannot hold / " @ or a space. Without ExcludePunctuation, or ExcludeCharacters with these, and
    with IncludeSpace, some creations fail.
    """

    id = "W9073"
    fix = "set ExcludePunctuation to true, or ExcludeCharacters to '\"@/\\'"
    page = "API_CreateDBCluster"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for database, secret in master_secrets(variant):
            excluded = secret.get("GenerateSecretString", "ExcludeCharacters")
            punctuation = secret.get("GenerateSecretString", "ExcludePunctuation")
            unknown = excluded.text is None and not excluded.absent
            unknown |= punctuation.flag is None and not punctuation.absent
            if not unknown and punctuation.flag is not True and not set('/"@') <= set(excluded.text or ""):
                yield on(secret, f'the password of {secret.name} may hold / " or @, which {database.name} refuses')
            space = secret.get("GenerateSecretString", "IncludeSpace")
            if not unknown and space.flag is True and " " not in (excluded.text or ""):
                message = f"the password of {secret.name} may hold a space, which {database.name} refuses"
                yield Problem(space.path, message, "leave IncludeSpace out")
