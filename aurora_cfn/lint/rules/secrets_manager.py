"""Rules about secrets: their template, attachment and rotation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import ATTACHMENT, SECRET, master_secrets
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Variant

_ROTATION: Final = "AWS::SecretsManager::RotationSchedule"


class SecretTemplate(AuroraRule):
    """The template of a secret is not a JSON object.

    Secrets Manager puts the generated password into SecretStringTemplate as a further key, and refuses a text that is
    not a JSON object.
    """

    id = "E9069"
    fix = 'write such as {"username": "app"}'
    page = "aws-properties-secretsmanager-secret-generatesecretstring"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for secret in variant.resources(SECRET):
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


class SecretWithoutAttachment(AuroraRule):
    """A secret is rotated without being attached to its database.

    The rotation functions of AWS read engine and host from the secret, and a SecretTargetAttachment writes them there;
    without it each rotation fails.
    """

    id = "W9074"
    fix = "add an AWS::SecretsManager::SecretTargetAttachment for the secret and the database"
    page = "aws-resource-secretsmanager-secrettargetattachment"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        attached = {row.get("SecretId").reference for row in variant.resources(ATTACHMENT)}
        own = [row for _, row in master_secrets(variant)]
        for rotation in variant.resources(_ROTATION):
            secret = variant.target(rotation.get("SecretId"))
            if secret in own and rotation.get("SecretId").reference not in attached:
                yield on(rotation, f"{rotation.name} rotates {secret.name}, which is attached to no database")


_RATE: Final = re.compile(r"rate\((\d+) (hours?|days?)\)")
_CRON: Final = re.compile(r"cron\(\S+( \S+){5}\)")
_DURATION: Final = re.compile(r"(\d+)h")


class RotationSchedule(AuroraRule):
    """A rotation schedule that Secrets Manager refuses.

    A secret rotates at most every four hours, and the rotation window ends before the next one begins.
    """

    id = "E9068"
    fix = "write such as rate(10 days) with a Duration of 3h"
    page = "API_RotationRulesType"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for schedule in variant.resources(_ROTATION):
            found = schedule.get("RotationRules", "ScheduleExpression")
            duration = schedule.get("RotationRules", "Duration")
            if found.text is None or "{{resolve:" in found.text:
                continue
            rate, window = _RATE.fullmatch(found.text), _DURATION.fullmatch(duration.text or "")
            # A cron expression counts as once a day: its runs are not computed here.
            hours = int(rate[1]) * (24 if rate[2].startswith("day") else 1) if rate else 24
            if not rate and not _CRON.fullmatch(found.text):
                yield at(found, f"ScheduleExpression {found.text!r} is neither rate(...) nor cron(...) with six fields")
            elif hours < 4:
                yield at(found, f"ScheduleExpression {found.text} rotates more often than every 4 hours")
            elif window and int(window[1]) > min(hours, 24):
                yield at(duration, f"the Duration {duration.text} continues into the next rotation of {found.text}")
