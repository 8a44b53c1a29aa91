"""One piece of work in a process of its own: `python -m tests.bench.inside WORK`, in the folder of a project.

Prints the CPU seconds, the seconds of wall clock and the peak memory in MiB. The modules are imported before the clock
starts, and a small template is linted, which loads the rules: only the work counts.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import aurora_cfn.environment  # noqa: F401 - otherwise the review imports it while the clock runs
from aurora_cfn.project.files import PARAMS, TEMPLATES
from aurora_cfn.project.git import WORKTREE, Revision, revision
from aurora_cfn.project.review import reviewed
from aurora_cfn.project.review.environments import is_environment
from aurora_cfn.project.review.revision import environment_side
from aurora_cfn.report.review import FORMATS
from aurora_cfn.yamltext import read_template, read_with_faults
from tests.bench.projects import template

TODAY = date(2026, 11, 28)


def parse_both_sides(before: Revision, after: Revision) -> None:
    """Read every template and params file of both sides with the loader that keeps lines."""
    for side in (before, after):
        for name in side.blobs:
            read = read_template if name.startswith("templates/") else read_with_faults
            read(side.text(name), name)


def review(before: Revision, after: Revision) -> None:
    """Review all environments and write the report."""
    FORMATS["text"](reviewed(before, after, (), (), TODAY))


def load(_before: Revision, after: Revision) -> None:
    """Check every params file of the worktree against the templates."""
    for file in after.names(PARAMS):
        if is_environment(Path(file)):
            environment_side(after, Path(file).stem)


def lint(_before: Revision, after: Revision) -> None:
    """Lint every template of the worktree."""
    findings({name: after.text(name) for name in after.names(TEMPLATES)})


def load_rules() -> None:
    """Lint a small template, so that the rules and the schemas of its resources are loaded."""
    findings({"small.yaml": template(6)})


def findings(texts: Mapping[str, str]) -> None:
    """Lint the texts, by path; loaded here, as the other works need neither cfn-lint nor its memory."""
    from aurora_cfn.lint.engine import lint as linted
    from aurora_cfn.lint.subject import Subject

    linted([Subject(name, text) for name, text in texts.items()], today=TODAY)


WORK: Mapping[str, Callable[[Revision, Revision], None]] = {
    "parse": parse_both_sides,
    "review": review,
    "params": load,
    "lint": lint,
}
FIRST: Mapping[str, Callable[[], None]] = {"lint": load_rules}
"""What is done before the clock starts."""


def main() -> None:
    """Do the work whose name is given."""
    before, after = revision("HEAD", strict=False), revision(WORKTREE)
    for side in (before, after):
        for name in side.blobs:
            side.text(name)  # neither git nor the disk is measured
    FIRST.get(sys.argv[1], lambda: None)()
    wall, cpu = time.perf_counter(), time.process_time()
    WORK[sys.argv[1]](before, after)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(cpu, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
