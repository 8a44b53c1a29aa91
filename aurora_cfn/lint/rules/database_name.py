from __future__ import annotations

import re
from collections.abc import Iterator

from aurora_cfn.facts.reserved import is_reserved_database
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DatabaseName(AuroraRule):
    """The database name is reserved or cannot be one.

    A database name starts with a letter and has letters, digits and underscores, at most 63 on PostgreSQL and 64 on
    MySQL, and is no reserved word of the engine.
    """

    id = "E9021"
    fix = "choose another DatabaseName: it cannot be changed later without a new cluster"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("DatabaseName")
            name, most = found.text, 63 if cluster.is_postgresql else 64
            if not name or name.startswith("{{resolve:"):
                continue
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) or len(name) > most:
                yield at(found, f"{name!r} cannot be the name of a database")
            elif is_reserved_database(cluster.engine, name):
                yield at(found, f"{name!r} is reserved by {cluster.engine}")
