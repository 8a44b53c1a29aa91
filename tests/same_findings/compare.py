"""Both sides in processes of their own, since what is replaced in cfn-lint stays replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ONE_SIDE = """
import json, sys, time
from datetime import date
import aurora_cfn.lint.faster_cfn_lint as faster
if sys.argv[1] == "plain":
    faster.VERSION = "none"
from aurora_cfn.errors import InputError
from aurora_cfn.lint.engine import lint, rules
from aurora_cfn.lint.subject import Subject
rules()
start, found = time.process_time(), {}
for name in json.load(sys.stdin):
    try:
        ((*rows,),) = lint([Subject(name, open(name, encoding="utf-8").read())], today=date(2026, 11, 28))
        found[name] = [repr(row) for row in rows]
    except (InputError, UnicodeDecodeError) as error:
        found[name] = [f"{type(error).__name__}: {error}"]
json.dump({"seconds": time.process_time() - start, "findings": found, "replaced": faster.install()}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Side:
    """The findings of each file as text, in their order, the CPU seconds, and whether functions were replaced."""

    seconds: float
    findings: Mapping[str, Sequence[str]]
    replaced: bool


def both_sides(files: Sequence[Path]) -> tuple[Side, Side]:
    """cfn-lint as it is, and made faster. Raises CalledProcessError where one ends with an error."""
    names = json.dumps([str(path) for path in files])
    # cfn-lint goes through sets, so that findings differ in their words where the seed of the hashes differs.
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    # Both at once: on two cores it takes the time of one.
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_SIDE, side],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for side in ("plain", "faster")
    ]
    for process in running:
        assert process.stdin
        process.stdin.write(names)
        process.stdin.close()
        process.stdin = None
    plain, faster = (Side(**json.loads(process.communicate()[0])) for process in running)
    return plain, faster


def differences(plain: Mapping[str, Sequence[str]], faster: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line for each finding that only one side has, and for files whose findings differ in their order."""
    for name, rows in plain.items():
        for row in (row for row in rows if row not in faster[name]):
            yield f"{name}: lost: {row}"
        for row in (row for row in faster[name] if row not in rows):
            yield f"{name}: new: {row}"
        if sorted(rows) == sorted(faster[name]) and list(rows) != list(faster[name]):
            yield f"{name}: another order"
