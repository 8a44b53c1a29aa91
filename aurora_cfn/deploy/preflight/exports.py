"""Whether templates import what no stack exports, and whether an export would be removed that is still imported.

CloudFormation refuses the latter only during the update, which it then rolls back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, WholeRun
from aurora_cfn.model.finding import Finding
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import export_name, imported_names, outputs

NAME, IMPORTS = "exports", "imports"
Importers = Mapping[str, Sequence[str]]


def leaving(about: Subject) -> list[str]:
    """Names that the deployed stack exports and the new template does not; none when a new name cannot be resolved."""
    # A name that only the deployment knows may be any of the exported ones, so nothing is said to leave.
    kept = [export_name(row) for row in outputs(Evaluator(about.after)).values()]
    if about.stack is None or any(name is not None and not isinstance(name, str) for name in kept):
        return []
    return [row.export for row in about.stack.outputs if row.export and row.export not in kept]


def facts(ports: CheckPorts, about: Subject) -> Importers:
    """The stacks that import each export that would be removed."""
    return {name: ports.account.importers(name) for name in leaving(about)}


def findings(about: Subject, importers: Importers) -> Iterator[Finding]:
    """An error for each such export that is imported."""
    for name, users in importers.items():
        if users:
            who = ", ".join(sorted(users))
            what = f"the export {name} would be removed, but {who} imports it: deploy {who} without the import first"
            yield stack_finding(NAME, "error", what, about)


CHECK = Check(NAME, "who imports the exports that would be removed", ("cloudformation:ListImports",), facts, findings)


def wanted(about: Subject) -> list[str]:
    """Names that the template imports, each once; those that cannot be resolved are left out."""
    names = imported_names(Evaluator(about.after))
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def exported(ports: CheckPorts, about: WholeRun) -> frozenset[str]:
    """What the account exports in the region; AWS is not called when the stacks of the run export everything."""
    open_names = {name for one in about.subjects for name in wanted(one)} - _coming(about)
    return ports.account.exports() if open_names else frozenset()


def missing_exports(about: WholeRun, there: frozenset[str]) -> Iterator[Finding]:
    """An error for each stack that imports what no stack exports."""
    there |= _coming(about)
    for one in about.subjects:
        missing = [name for name in wanted(one) if name not in there]
        if missing:
            what = f"no stack exports {', '.join(missing)} in {about.environment.region}"
            remedy = "deploy the stack that does first, or correct its name"
            # At the line of the parameter with which the blueprints' templates name what they import, if it is set.
            yield stack_finding(IMPORTS, "error", f"{what}: {remedy}", one, "NetworkStackName")


def _coming(about: WholeRun) -> set[str]:
    """Names that the stacks of the run will export."""
    found = (export_name(row) for one in about.subjects for row in outputs(Evaluator(one.after)).values())
    return {name for name in found if isinstance(name, str)}


IMPORT_CHECK = Check(IMPORTS, "what the account exports", ("cloudformation:ListExports",), exported, missing_exports)
