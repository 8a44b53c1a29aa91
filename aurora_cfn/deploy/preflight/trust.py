"""Which services may assume the roles of a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aurora_cfn.model.value import Value
from aurora_cfn.template.resources import Resource

ROLE = "AWS::IAM::Role"


def trusted_services(found: Iterable[Resource]) -> Iterator[str]:
    """Service principals in the trust policies of all roles, such as lambda.amazonaws.com; may repeat."""
    for row in found:
        document = row.properties.get("AssumeRolePolicyDocument") if row.type == ROLE else None
        statements = document.get("Statement") if isinstance(document, Mapping) else None
        for statement in _listed(statements):
            principal = statement.get("Principal") if isinstance(statement, Mapping) else None
            services = principal.get("Service") if isinstance(principal, Mapping) else None
            yield from (name for name in _listed(services) if isinstance(name, str))


def _listed(value: Value) -> list[Value]:
    """The value as a list: IAM accepts a single entry without the list around it."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
