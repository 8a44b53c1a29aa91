"""Checks before anything is changed in AWS: read-only, one check a module, run in parallel into one report.

Each check reads facts from AWS and then judges them without further calls. A call that fails becomes a finding too, and
the other checks continue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aurora_cfn.deploy.preflight import (
    bucket,
    exports,
    names,
    offline,
    protection,
    quotas,
    running,
    secret,
    versions,
)
from aurora_cfn.deploy.preflight.check import Check, CheckPorts
from aurora_cfn.deploy.preflight.subject import Subject, WholeRun, subject
from aurora_cfn.model.finding import Finding

# Judged once for all stacks of the run: a quota has to have room for all of them together.
WHOLE_CHECKS: Sequence[Check[WholeRun, Any]] = (quotas.STACK_CHECK, quotas.CHECK, exports.IMPORT_CHECK, bucket.CHECK)
STACK_CHECKS: Sequence[Check[Subject, Any]] = (
    secret.CHECK,
    versions.CHECK,
    running.CHECK,
    exports.CHECK,
    names.CHECK,
    protection.CHECK,
)
PARALLEL = 8
"""Checks that run at once: they wait for AWS, and use little of this machine."""


def preflight(whole: WholeRun, ports: CheckPorts) -> list[Finding]:
    """Everything found, in the order of checks and stacks; an error means that deploying cannot succeed."""
    found = [*offline.caller_findings(whole), *(row for one in whole.subjects for row in offline.feature_findings(one))]
    found += names.twins(whole)
    path = whole.environment.path
    # The emulator has no quotas, and its bucket is made without asking.
    for_all = WHOLE_CHECKS if whole.environment.endpoint == "aws" else (exports.IMPORT_CHECK,)
    tasks: list[Callable[[], list[Finding]]] = [partial(check.run, ports, whole, path, 1) for check in for_all]
    tasks += [partial(check.run, ports, one, path, one.entry.line) for one in whole.subjects for check in STACK_CHECKS]
    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = pool.map(lambda task: task(), tasks)
        found += [finding for answer in answers for finding in answer]
    # The stacks of a fleet's clients are one line of the params file, so what they lack is said once.
    return list(dict.fromkeys(found))


__all__ = ["CheckPorts", "Subject", "WholeRun", "preflight", "subject"]
