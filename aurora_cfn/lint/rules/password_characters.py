from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.secrets import master_secrets
from aurora_cfn.lint.world import World


class PasswordCharacters(AuroraRule):
    """A generated master password may hold characters that RDS refuses.

    A master password cannot hold / " or @. Without ExcludePunctuation, or ExcludeCharacters with these, some
    creations fail.
    """

    id = "W9073"
    fix = "set ExcludePunctuation to true, or ExcludeCharacters to '\"@/\\'"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for database, secret in master_secrets(world):
            excluded = secret.get("GenerateSecretString", "ExcludeCharacters")
            punctuation = secret.get("GenerateSecretString", "ExcludePunctuation")
            known = (excluded.absent or excluded.text is not None) and (
                punctuation.absent or punctuation.flag is not None
            )
            if known and punctuation.flag is not True and not set('/"@') <= set(excluded.text or ""):
                yield on(secret, f'the password of {secret.name} may hold / " or @, which {database.name} refuses')
