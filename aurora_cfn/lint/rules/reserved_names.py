"""Rules about names of databases and users that the engine refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aurora_cfn.facts.reserved_words import is_reserved_database, is_reserved_user
from aurora_cfn.lint.databases import open_source_engine
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

# PostgreSQL by the template reference; MySQL by a public test of the limits (floci 3729): the reference says 16.
_LONGEST: Final = {"postgres": 63, "mysql": 32}


class DatabaseName(AuroraRule):
    """The database name is reserved or cannot be one.

    A database name starts with a letter and has letters, digits and underscores, at most 63 on PostgreSQL and 64 on
    MySQL, and is no reserved word of the engine.
    """

    id = "E9021"
    fix = "choose another name: it cannot be changed later without a new database"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for database in variant.resources(CLUSTER, INSTANCE):
            engine = open_source_engine(database)
            found = database.get("DatabaseName" if database.type == CLUSTER else "DBName")
            name, most = found.text, 63 if "postgres" in engine else 64
            if not name or not engine or name.startswith("{{resolve:"):
                continue
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) or len(name) > most:
                yield at(found, f"{name!r} cannot be the name of a database")
            elif is_reserved_database(engine, name):
                yield at(found, f"{name!r} is reserved by {database.get('Engine').text}")


class ReservedUsername(AuroraRule):
    """The master user name is reserved or cannot be one.

    A master user name has letters, digits and underscores, starts with a letter, and is no reserved word of the engine.
    It has 16 characters at most on Aurora and MariaDB, 32 on RDS for MySQL, and 63 on RDS for PostgreSQL.
    """

    id = "E9020"
    fix = "choose another name, such as dbadmin: it cannot be changed later without a new cluster"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for database in variant.resources(CLUSTER, INSTANCE):
            found, engine = database.get("MasterUsername"), open_source_engine(database)
            name = found.text
            if name is None or not engine or name.startswith("{{resolve:"):
                continue
            longest = _LONGEST.get(engine, 16) if database.type == INSTANCE else 16
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) or len(name) > longest:
                yield at(found, f"{name!r} cannot be a master user name")
            elif is_reserved_user(engine, name):
                yield at(found, f"{name!r} is reserved by {database.get('Engine').text}")
