"""Whether an export would be removed that another stack still imports.

CloudFormation refuses that only during the update, which it then rolls back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.model.finding import Finding
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import export_name, outputs

NAME = "exports"
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
