"""Whether everything that templates import is exported: by a stack of the same run, or by one that is there."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import Check, Look, told
from aurora_cfn.deploy.preflight.subject import Subject, Whole
from aurora_cfn.model.finding import Finding
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import export_name, imported_names, outputs

NAME = "imports"


def wanted(about: Subject) -> list[str]:
    """Names that the template imports, each once, as far as they are known."""
    names = imported_names(Evaluator(about.after))
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def facts(look: Look, about: Whole) -> frozenset[str]:
    """What the account exports; nothing is asked when everything comes from the stacks of the run."""
    open_names = {name for one in about.subjects for name in wanted(one)} - _coming(about)
    return look.account.exports() if open_names else frozenset()


def findings(about: Whole, exports: frozenset[str]) -> Iterator[Finding]:
    """An error for each stack that imports what nobody exports."""
    there = exports | _coming(about)
    for one in about.subjects:
        missing = [name for name in wanted(one) if name not in there]
        if missing:
            what = f"nobody exports {', '.join(missing)} in {about.environment.region}"
            way_out = "deploy the stack that does first, or correct its name"
            yield told(NAME, "error", f"{what}: {way_out}", one, "NetworkStackName")


def _coming(about: Whole) -> set[str]:
    """Names that the stacks of the run will export."""
    found = (export_name(row) for one in about.subjects for row in outputs(Evaluator(one.after)).values())
    return {name for name in found if isinstance(name, str)}


CHECK = Check(NAME, "what the account exports", ("cloudformation:ListExports",), facts, findings)
