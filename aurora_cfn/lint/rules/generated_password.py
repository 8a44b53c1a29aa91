from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.secrets import master_secrets
from aurora_cfn.lint.world import World

_DEFAULT_LENGTH: Final = 32


class GeneratedPassword(AuroraRule):
    """A generated master password of a length that RDS refuses.

    A master password has 8 characters at least, and 41 at most on Aurora, MySQL and MariaDB, 128 on PostgreSQL and SQL
    Server, 30 on Oracle. Secrets Manager generates 32 without PasswordLength.
    """

    id = "E9075"
    fix = "set PasswordLength to a length that RDS takes, such as 30"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        limits = read_facts("rule_tables")["longest_passwords"].items()
        for database, secret in master_secrets(world):
            found, engine = secret.get("GenerateSecretString", "PasswordLength"), database.get("Engine").text or ""
            length = _DEFAULT_LENGTH if found.absent else found.number
            longest = next((most for name, most in limits if engine.lower().startswith(name)), None)
            if length is not None and longest and not 8 <= length <= longest:
                message = (
                    f"PasswordLength {length:g} of {secret.name} is not between 8 and {longest}, for {database.name}"
                )
                yield on(secret, message) if found.absent else at(found, message)
