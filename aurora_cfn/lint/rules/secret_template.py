from __future__ import annotations

import json
from collections.abc import Iterator

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class SecretTemplate(AuroraRule):
    """The template of a secret is not a JSON object.

    Secrets Manager puts the generated password into SecretStringTemplate as a further key, and refuses a text that is
    not a JSON object.
    """

    id = "E9069"
    fix = 'write such as {"username": "app"}'
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for secret in world.resources("AWS::SecretsManager::Secret"):
            found = secret.get("GenerateSecretString", "SecretStringTemplate")
            if found.pieces and not _is_object(found):
                yield at(found, f"the SecretStringTemplate of {secret.name} is not a JSON object")


def _is_object(found: Found) -> bool:
    # A number fits where a value is known later, within quotes and without.
    text = "".join(piece if isinstance(piece, str) else "1" for piece in found.pieces)
    try:
        return "{{resolve:" in text or isinstance(json.loads(text), dict)
    except ValueError:
        return False
