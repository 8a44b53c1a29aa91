from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_RATE: Final = re.compile(r"rate\((\d+) (hours?|days?)\)")
_CRON: Final = re.compile(r"cron\(\S+( \S+){5}\)")
_DURATION: Final = re.compile(r"(\d+)h")


class RotationSchedule(AuroraRule):
    """A rotation schedule that Secrets Manager refuses.

    A secret rotates at most every four hours, and the rotation window ends before the next one begins.
    """

    id = "E9068"
    fix = "write such as rate(10 days) with a Duration of 3h"
    source_url = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for schedule in world.resources("AWS::SecretsManager::RotationSchedule"):
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
                yield at(duration, f"the Duration {duration.text} goes on into the next rotation of {found.text}")
