"""Engine versions as they are written, as numbers in their order."""

from __future__ import annotations

import re

from aurora_cfn.model.value import Value

# 8.0.mysql_aurora.3.08.0: the version of MySQL, then that of Aurora, which alone moves in a minor upgrade.
_AURORA_MYSQL = re.compile(r"(\d+)\.(\d+)\.mysql_aurora\.([\d.]+)\Z")


def numbers(value: Value) -> tuple[int, ...] | None:
    """A version as numbers to compare, Aurora MySQL's own included; None when it is not known or not a version."""
    if not isinstance(value, str):
        return None
    aurora = _AURORA_MYSQL.match(value)
    if aurora:
        value = f"{aurora[1]}.{aurora[2]}.{aurora[3]}"
    if not re.fullmatch(r"\d+(\.\d+)*", value):
        return None
    return tuple(map(int, value.split(".")))


def is_lower(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Whether `right` is surely before `left`: a bare major means any minor of it."""
    # 17 may become any 17.x, so it is not lower than 17.5.
    shared = min(len(left), len(right))
    return right[:shared] < left[:shared]
