"""Whether everything that templates import is exported: by a stack of the same run, or by a deployed one."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, WholeRun
from aurora_cfn.model.finding import Finding
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import export_name, imported_names, outputs

NAME = "imports"


def wanted(about: Subject) -> list[str]:
    """Names that the template imports, each once; those that cannot be resolved are left out."""
    names = imported_names(Evaluator(about.after))
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def facts(ports: CheckPorts, about: WholeRun) -> frozenset[str]:
    """What the account exports in the region; AWS is not called when the stacks of the run export everything."""
    open_names = {name for one in about.subjects for name in wanted(one)} - _coming(about)
    return ports.account.exports() if open_names else frozenset()


def findings(about: WholeRun, exports: frozenset[str]) -> Iterator[Finding]:
    """An error for each stack that imports what no stack exports."""
    there = exports | _coming(about)
    for one in about.subjects:
        missing = [name for name in wanted(one) if name not in there]
        if missing:
            what = f"no stack exports {', '.join(missing)} in {about.environment.region}"
            remedy = "deploy the stack that does first, or correct its name"
            yield stack_finding(NAME, "error", f"{what}: {remedy}", one, "NetworkStackName")


def _coming(about: WholeRun) -> set[str]:
    """Names that the stacks of the run will export."""
    found = (export_name(row) for one in about.subjects for row in outputs(Evaluator(one.after)).values())
    return {name for name in found if isinstance(name, str)}


CHECK = Check(NAME, "what the account exports", ("cloudformation:ListExports",), facts, findings)
