"""Which environments a change touches: by their own params file, or by a template of theirs."""

from __future__ import annotations

from pathlib import Path

from aurora_cfn.cli.project import PARAMS, TEMPLATES
from aurora_cfn.cli.reviewing_environments import is_environment
from aurora_cfn.cli.revisions import Revision
from aurora_cfn.model.value import Value
from aurora_cfn.yamltext import read_with_faults


def touched_environments(before: Revision, after: Revision) -> tuple[str, ...]:
    """Names of the environments to review, in order.

    An emulated one counts only when its own file changed: on a template alone it would repeat what the others say.
    """
    files = sorted(name for name in {*before.names(PARAMS), *after.names(PARAMS)} if is_environment(Path(name)))
    moved = {Path(name).stem for name in {*before.blobs, *after.blobs} if _changed(before, after, name)}
    return tuple(Path(file).stem for file in files if _touched(before, after, file, moved))


def _changed(before: Revision, after: Revision, name: str) -> bool:
    return Path(name).parent == TEMPLATES and before.blobs.get(name) != after.blobs.get(name)


def _touched(before: Revision, after: Revision, file: str, templates: set[str]) -> bool:
    if before.blobs.get(file) != after.blobs.get(file):
        return True
    environment = read_with_faults(after.text(file), file).value
    if not isinstance(environment, dict) or environment.get("endpoint") == "local":
        return False
    return bool(templates & _templates(environment.get("stacks")))


def _templates(stacks: Value) -> set[str]:
    rows = stacks.values() if isinstance(stacks, dict) else ()
    return {str(row["template"]) for row in rows if isinstance(row, dict) and "template" in row}
