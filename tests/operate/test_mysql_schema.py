"""Schemas of MySQL: the definition of a column in the words of MySQL and of MariaDB, and the statements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.model.database_schema import SchemaObject
from aurora_cfn.model.rows import Cell, Rows
from aurora_cfn.operate.schema.compare import compare
from aurora_cfn.operate.schema.mysql_queries import definition_of_column, queries
from aurora_cfn.operate.schema.read import read_schema
from aurora_cfn.report.schema_changes import change_lines
from tests.sql.fakes import DATABASE, FakeDataApi

Object = SchemaObject
MYSQL, MARIADB = "8.0.42", "10.11.19-MariaDB"
COLLATE = "collate utf8mb4_0900_ai_ci"
TABLE = Object("table", "`d`.`t`", "", f"engine InnoDB {COLLATE}")
ID = Object("column", "`d`.`t`", "`id`", "bigint\n\nnot null auto_increment")
NOTE = Object("column", "`d`.`t`", "`note`", f"varchar(9)\n{COLLATE}\n")
KEY = Object("index", "`d`.`t`", "`PRIMARY`", "primary key (`id`)")
INDEX = Object("index", "`d`.`t`", "`i`", "index `i` (`note`)")
CHECK = Object("constraint", "`d`.`t`", "`c`", "check (`id` > 1)")
FOREIGN = Object("constraint", "`d`.`t`", "`fk`", "foreign key (`id`) references `d`.`p` (`id`)")
VIEW = Object("view", "`d`.`v`", "", "create or replace view `d`.`v` as\nselect 1")
FUNCTION = Object("function", "`d`.`f`", "", "create function `d`.`f`() returns int\nno sql\nreturn 1")
TRIGGER = Object(
    "trigger", "`d`.`t`", "`d`.`tr`", "create trigger `d`.`tr` before insert on `d`.`t` for each row\nset @a = 1"
)
ALL = (TABLE, ID, NOTE, KEY, INDEX, CHECK, FOREIGN, FUNCTION, VIEW, TRIGGER)


@pytest.mark.parametrize(
    ("version", "kind", "value", "extra", "expected"),
    [
        (MYSQL, "int", None, "", ""),
        (MYSQL, "int", "5", "", "default '5'"),
        (MYSQL, "varchar(9)", "it's", "", "default 'it''s'"),
        (MYSQL, "varchar(9)", "NULL", "", "default 'NULL'"),
        (MYSQL, "bit(1)", "b'1'", "", "default b'1'"),
        (MYSQL, "varbinary(9)", "0x61", "", "default 0x61"),
        (MYSQL, "char(36)", "uuid()", "DEFAULT_GENERATED", "default (uuid())"),
        (MYSQL, "text", r"_utf8mb4\'a\'", "DEFAULT_GENERATED", "default (_utf8mb4'a')"),
        (MYSQL, "datetime(3)", "CURRENT_TIMESTAMP(3)", "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)",
         "default CURRENT_TIMESTAMP(3) on update CURRENT_TIMESTAMP(3)"),
        (MYSQL, "int", None, "auto_increment", "auto_increment"),
        (MYSQL, "int", None, "INVISIBLE", "invisible"),
        (MARIADB, "int", None, "", ""),
        (MARIADB, "int", "NULL", "", ""),
        (MARIADB, "int", "5", "", "default 5"),
        (MARIADB, "varchar(9)", "'NULL'", "", "default 'NULL'"),
        (MARIADB, "varchar(9)", "'it''s'", "", "default 'it''s'"),
        (MARIADB, "datetime", "current_timestamp()", "on update current_timestamp()",
         "default current_timestamp() on update CURRENT_TIMESTAMP()"),
    ],
)  # fmt: skip
def test_the_default_of_a_column(version: str, kind: str, value: Cell, extra: str, expected: str) -> None:
    assert definition_of_column(version, [kind, None, value, "YES", extra, "", ""]) == f"{kind}\n\n{expected}"


def test_a_generated_column_and_one_with_collation_and_comment() -> None:
    generated = definition_of_column(MYSQL, ["int", None, None, "YES", "STORED GENERATED", r"f(\'a\')", ""])
    assert generated == "int\n\ngenerated always as (f('a')) stored"
    assert definition_of_column(MYSQL, ["text", "x_bin", None, "NO", "", None, "it's"]) == (
        "text\ncollate x_bin\nnot null comment 'it''s'"
    )


def lines(before: tuple[Object, ...], after: tuple[Object, ...]) -> list[str]:
    return change_lines(compare(before, after, "mysql")).splitlines()


def test_a_whole_schema_is_made_in_order_and_goes_in_the_other() -> None:
    assert compare(ALL, tuple(reversed(ALL)), "mysql") == ()
    assert lines((), ALL)[:9] == [
        "+ create table `d`.`t` (",
        "+   `id` bigint not null auto_increment,",
        "+   `note` varchar(9),",
        "+   primary key (`id`),",
        "+   index `i` (`note`),",
        "+   constraint `c` check (`id` > 1)",
        f"+ ) engine InnoDB {COLLATE};",
        "+ alter table `d`.`t` add constraint `fk` foreign key (`id`) references `d`.`p` (`id`);",
        "+ create function `d`.`f`() returns int",
    ]
    assert lines(ALL, ()) == ["- drop view `d`.`v`;", "- drop function `d`.`f`;", "- drop table `d`.`t`;"]


ALTER = "alter table `d`.`t`"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, NOTE, [f"+ {ALTER} add `note` varchar(9);"]),
        (NOTE, None, [f"- {ALTER} drop column `note`;"]),
        (NOTE, "varchar(9)\ncollate x_bin\nnot null", [f"~ {ALTER} modify `note` varchar(9) collate x_bin not null;"]),
        (KEY, None, [f"- {ALTER} drop primary key;"]),
        (INDEX, "unique index `i` (`note`)", [f"~ {ALTER} drop index `i`, add unique index `i` (`note`);"]),
        (CHECK, "check (`id` > 2)", [
            f"~ {ALTER} drop constraint `c`;", f"~ {ALTER} add constraint `c` check (`id` > 2);"]),
        (FOREIGN, None, [f"- {ALTER} drop constraint `fk`;"]),
        (TRIGGER, None, ["- drop trigger `d`.`tr`;"]),
        (VIEW, "create or replace view `d`.`v` as\nselect 2", [
            "~ view `d`.`v`", "    @@ -1,2 +1,2 @@", "     create or replace view `d`.`v` as", "    -select 1",
            "    +select 2"]),
        (None, Object("schema", "`e`", "", "collate x"), ["+ create database `e` collate x;"]),
        (Object("schema", "`e`", "", "collate x"), "collate y", ["~ alter database `e` collate y;"]),
        (Object("table", "`u`", "", "engine InnoDB\npartition by a"), "engine InnoDB", [
            "~ alter table `u` remove partitioning;"]),
    ],
)  # fmt: skip
def test_one_object_that_changes(before: Object | None, after: Object | str | None, expected: list[str]) -> None:
    new = replace(before, definition=after) if before and isinstance(after, str) else after
    old, changed = [TABLE, *filter(None, [before])], [TABLE, *(row for row in [new] if isinstance(row, Object))]
    assert lines(tuple(old), tuple(changed)) == expected


def test_a_schema_is_read_in_the_words_of_the_server() -> None:
    column = ("column", "`d`.`t`", "`a`", "int", None, "NULL", "YES", "", None, "")
    answers = [Rows(rows=((MARIADB,),)), Rows(), Rows(), Rows(rows=(column,)), *[Rows()] * 6]
    api = FakeDataApi(*answers)
    assert read_schema(api, replace(DATABASE, engine="mysql")) == (Object("column", "`d`.`t`", "`a`", "int\n\n"),)
    assert (api.asked[0][0], api.asked[-1][0]) == ("begin", "rollback")
    for version, theirs in ((MYSQL, True), (MARIADB, False)):
        assert any("t.expression" in query for query, *_ in queries(version)) is theirs
