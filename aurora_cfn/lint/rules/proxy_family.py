from __future__ import annotations

import re
from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import PROXY, engines_behind
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import Resource, World, step

_NAME = "start with a letter, go on with letters, digits and single hyphens, and do not end with a hyphen"


class ProxyFamily(AuroraRule):
    """RDS Proxy values that RDS refuses.

    EngineFamily is that of the database behind the proxy; the name has letters, digits and single hyphens; Auth is
    needed unless DefaultAuthScheme is IAM_AUTH; IAMAuth ENABLED is for SQL Server.
    """

    id = "E9040"
    fix = "set EngineFamily to the engine's, and give Auth with IAMAuth REQUIRED or DISABLED"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            name, family = proxy.get("DBProxyName"), proxy.get("EngineFamily")
            if name.text is not None and not re.fullmatch("[A-Za-z](-?[A-Za-z0-9])*", name.text):
                yield at(name, f"{name.text!r} cannot be the name of a proxy", _NAME)
            for engine in engines_behind(proxy):
                wanted = read_facts("rule_tables")["proxy_families"].get(engine)
                if family.text and wanted and family.text != wanted:
                    message = f"EngineFamily {family.text} does not fit {engine}, which is {wanted}"
                    yield at(family, message, f"set EngineFamily to {wanted}")
            yield from _authentication(proxy)


def _authentication(proxy: Resource) -> Iterator[Problem]:
    scheme, rows = proxy.get("DefaultAuthScheme"), proxy.items("Auth")
    if rows == () and (scheme.absent or scheme.text == "NONE"):
        message = f"{proxy.name} has no Auth, and DefaultAuthScheme is NONE"
        yield on(proxy, message, "name a secret in Auth, or set DefaultAuthScheme to IAM_AUTH")
    for row in rows or ():
        found = step(row, "IAMAuth", proxy.world)
        if found.text == "ENABLED" and proxy.get("EngineFamily").text in {"MYSQL", "POSTGRESQL"}:
            yield at(found, "IAMAuth ENABLED is for SQL Server only", "set IAMAuth to REQUIRED or DISABLED")
