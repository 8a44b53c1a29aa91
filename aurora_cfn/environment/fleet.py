"""The section `fleet` of a params file: as a value, and what is wrong in it beside the shapes of its keys.

References in its defaults, such as `{stack: network}`, mean the stacks of this environment in the region of each
client: `aurora-cfn deploy --env ENV --region REGION` makes them there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from aurora_cfn.environment import values
from aurora_cfn.environment.allow_replace import allowed_replacements
from aurora_cfn.environment.relations import Scope, combinations, imports, references
from aurora_cfn.environment.shapes import mapping_of
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, Fleet, Pool
from aurora_cfn.model.value import Path
from aurora_cfn.template.summary import TemplateSummary
from aurora_cfn.yamltext import Document

SECTION = "fleet"
OWN = ("ClientName", "ClusterName")
"""Parameters that the name of the client gives, where the template has them."""
ALONE = (*OWN, "SecretName", "ServiceName")
"""Parameters that two stacks in one region cannot share."""
MOST_TAGS = 44
"""CloudFormation allows 50 on a stack; two name its owner, and four the fleet, the client and its version."""


def fleet_draft(
    document: Document, templates: Mapping[str, TemplateSummary], faulty: Collection[Path]
) -> EnvironmentStack | None:
    """The section as a stack with the parameters of every client, without those that are `faulty`; None without one."""
    root = document.value if isinstance(document.value, Mapping) else {}
    section = root.get(SECTION)
    if not isinstance(section, Mapping):
        return None
    template = str(section.get("template", ""))
    summary = templates.get(template)
    given = mapping_of(section.get("defaults"))
    sound = {
        name: values.read(value)
        for name, value in given.items()
        if summary is not None and not any(path[:3] == (SECTION, "defaults", name) for path in faulty)
    }
    return EnvironmentStack(
        key=SECTION,
        name=str(section.get("name", "")),
        template=template,
        parameters=sound,
        line=document.line((SECTION,)),
        lines={name: document.line((SECTION, "defaults", name)) for name in given},
        tags={str(name): str(text) for name, text in mapping_of(root.get("tags")).items()},
        file=summary.path if summary else "",
    )


def read_fleet(document: Document, draft: EnvironmentStack | None) -> Fleet | None:
    """The fleet of a document without faults."""
    if draft is None:
        return None
    root: Any = document.value
    section = root[SECTION]
    accounts = None
    if "accounts" in section:
        from aurora_cfn.environment.fleet_accounts import read_accounts

        accounts = read_accounts(document)
    most = {"max_clients_per_region": section["max_clients_per_region"]} if "max_clients_per_region" in section else {}
    return Fleet(
        name=draft.name,
        template=draft.template,
        regions=tuple(section["regions"]),
        defaults=draft.parameters,
        line=draft.line,
        lines=draft.lines,
        pool=Pool(**section["pool"]) if "pool" in section else None,
        accounts=accounts,
        allow_replace=tuple(allowed_replacements(document, section.get("allow_replace"), (SECTION, "allow_replace"))),
        **most,
    )


def fleet_complaints(
    document: Document, draft: EnvironmentStack | None, scope: Scope, faulty: Collection[Path]
) -> Iterator[Complaint]:
    """References to what is not there, values that do not go together or that clients cannot share, too many tags."""
    if draft is None:
        return
    place: Path = (SECTION, "accounts")
    in_accounts = any(key[:2] == place for key in document.lines)
    whole = replace(scope, stacks=(*scope.stacks, draft))
    found = [*references(draft, whole), *imports(draft, whole)]
    found += [complaint for check, complaint in combinations(draft, whole) if check.severity == "error"]
    # Accounts share no names.
    for name in () if in_accounts else ALONE:
        if name in draft.lines:
            found.append(whole.complaint(draft, "each client needs its own, so it is no default", name=name))
    if len(draft.tags) > MOST_TAGS:
        what = f"{len(draft.tags)} tags of the environment are more than the maximum {MOST_TAGS} beside a fleet"
        found.append(whole.complaint(draft, what, "leave some out"))
    for complaint in found:
        key = complaint.key.replace(f"stacks.{SECTION}", SECTION, 1).replace(".parameters", ".defaults", 1)
        yield replace(complaint, key=key)
    if (SECTION, "pool", "stack") in document.lines:
        # Few environments have a pool or accounts; every command reads one.
        from aurora_cfn.environment.pool_stack import pool_complaints

        yield from pool_complaints(document, scope)
    if in_accounts and not any(path[:2] == place or path == (SECTION, "regions") for path in faulty):
        from aurora_cfn.environment.fleet_accounts import accounts_complaints

        yield from accounts_complaints(document, draft, whole)
