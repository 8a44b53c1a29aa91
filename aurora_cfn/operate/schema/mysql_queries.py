"""The SQL that lists the objects of all databases of a MySQL 8 server, as rows of kind, name, part, definition.

In place of a definition a column has the cells that `definition_of_column` reads. MariaDB, which may stand behind an
emulated MySQL, lacks some columns of MySQL. Not read, since they are no difference: definers, counters of
AUTO_INCREMENT, and the order of columns and triggers.
"""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.rows import Cell
from aurora_cfn.sqltext.quoting import mysql_literal


def _name(*columns: str) -> str:
    return "concat(" + ", '.', ".join(f"'`', replace({column}, '`', '``'), '`'" for column in columns) + ")"


def _own(column: str) -> str:
    return f"{column} not in ('mysql', 'information_schema', 'performance_schema', 'sys')"


# MySQL cuts group_concat after 1,024 bytes; MariaDB reads the hint as a comment, and its limit is 1 MiB.
_SELECT = "select /*+ SET_VAR(group_concat_max_len = 1000000) */"
_TABLE = _name("t.table_schema", "t.table_name")
_EXPRESSION = r"replace({}, '\\\'', '\'')"
"""MySQL's information_schema has quotes inside of expressions as `\'`, which is no SQL."""

SCHEMAS = f"""{_SELECT} 'schema' as kind, {_name("schema_name")} as name, '' as part,
  concat('collate ', default_collation_name) as definition
from information_schema.schemata where {_own("schema_name")}"""
TABLES = f"""{_SELECT} 'table' as kind, {_TABLE} as name, '' as part,
  concat('engine ', t.engine, ' collate ', t.table_collation,
    rtrim(concat(' ', trim(replace(t.create_options, 'partitioned', '')))),
    if(t.table_comment = '', '', concat(' comment ', quote(t.table_comment))),
    coalesce((select concat(char(10), 'partition by ', max(p.partition_method), '(',
        coalesce(max(p.partition_expression), ''), ') ', if(max(p.partition_description) is null,
          concat('partitions ', count(distinct p.partition_name)), concat('(', group_concat(distinct 'partition ',
          {_name("p.partition_name")}, if(p.partition_method like 'RANGE%', ' values less than (', ' values in ('),
          p.partition_description, ')' order by p.partition_ordinal_position separator ', '), ')')))
      from information_schema.partitions p
      where p.table_schema = t.table_schema and p.table_name = t.table_name and p.partition_method is not null), '')
  ) as definition
from information_schema.tables t where t.table_type = 'BASE TABLE' and {_own("t.table_schema")}"""
COLUMNS = f"""{_SELECT} 'column' as kind, {_TABLE} as name, {_name("c.column_name")} as part, c.column_type,
  c.collation_name, c.column_default, c.is_nullable, c.extra, c.generation_expression, c.column_comment
from information_schema.columns c join information_schema.tables t
  on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
where {_own("c.table_schema")}"""
INDEXES = f"""{_SELECT} 'index' as kind, {_TABLE} as name, {_name("t.index_name")} as part,
  concat(case when t.index_name = 'PRIMARY' then 'primary key' when max(t.index_type) in ('FULLTEXT', 'SPATIAL')
      then concat(lower(max(t.index_type)), ' index ', {_name("t.index_name")})
      else concat(if(max(t.non_unique), 'index ', 'unique index '), {_name("t.index_name")}) end,
    ' (', group_concat({{part}}, if(t.collation = 'D', ' desc', '') order by t.seq_in_index separator ', '), ')',
    {{hidden}}, if(max(t.index_comment) = '', '', concat(' comment ', quote(max(t.index_comment))))) as definition
from information_schema.statistics t where {_own("t.table_schema")} group by t.table_schema, t.table_name, t.index_name
"""
_PART = f"{_name('t.column_name')}, if(t.sub_part is null, '', concat('(', t.sub_part, ')'))"
# A natural join: check constraints have the name of their table in MariaDB only, where it is a part of the key. The
# check that makes a JSON column of MariaDB belongs to the column's type.
CHECKS = f"""{_SELECT} 'constraint' as kind, {_TABLE} as name, {_name("t.constraint_name")} as part,
  concat('check (', {_EXPRESSION.format("t.check_clause")}, ')', {{enforced}}) as definition
from (select * from information_schema.check_constraints natural join information_schema.table_constraints) t
where t.constraint_type = 'CHECK' and t.check_clause <> concat('json_valid(`', t.constraint_name, '`)')
  and {_own("t.table_schema")}"""
FOREIGN_KEYS = f"""{_SELECT} 'constraint' as kind, {_TABLE} as name, {_name("t.constraint_name")} as part,
  concat('foreign key (', group_concat({_name("t.column_name")} order by t.ordinal_position separator ', '),
    ') references ', {_name("max(t.referenced_table_schema)", "max(t.referenced_table_name)")}, ' (',
    group_concat({_name("t.referenced_column_name")} order by t.ordinal_position separator ', '), ')',
    if(max(r.delete_rule) in ('RESTRICT', 'NO ACTION'), '', concat(' on delete ', lower(max(r.delete_rule)))),
    if(max(r.update_rule) in ('RESTRICT', 'NO ACTION'), '', concat(' on update ', lower(max(r.update_rule))))
  ) as definition
from information_schema.key_column_usage t join information_schema.referential_constraints r
  on r.constraint_schema = t.constraint_schema and r.constraint_name = t.constraint_name
  and r.table_name = t.table_name
where {_own("t.table_schema")} and t.referenced_table_name is not null
group by t.table_schema, t.table_name, t.constraint_name"""
ROUTINES = f"""{_SELECT} lower(r.routine_type) as kind, {_name("r.routine_schema", "r.routine_name")} as name,
  '' as part, concat('create ', lower(r.routine_type), ' ', {_name("r.routine_schema", "r.routine_name")}, '(',
    coalesce((select group_concat(if(r.routine_type = 'PROCEDURE', concat(lower(p.parameter_mode), ' '), ''),
        {_name("p.parameter_name")}, ' ', p.dtd_identifier order by p.ordinal_position separator ', ')
      from information_schema.parameters p where p.specific_schema = r.routine_schema
        and p.specific_name = r.specific_name and p.routine_type = r.routine_type and p.ordinal_position > 0), ''),
    ')', if(r.routine_type = 'FUNCTION', concat(' returns ', r.dtd_identifier), ''), char(10),
    if(r.is_deterministic = 'YES', 'deterministic ', ''), lower(r.sql_data_access),
    if(r.security_type = 'INVOKER', ' sql security invoker', ''),
    if(r.routine_comment = '', '', concat(' comment ', quote(r.routine_comment))),
    char(10), coalesce(r.routine_definition, '')) as definition
from information_schema.routines r
where r.routine_type in ('FUNCTION', 'PROCEDURE') and {_own("r.routine_schema")}"""
VIEWS = f"""{_SELECT} 'view' as kind, {_TABLE} as name, '' as part,
  concat('create or replace', if(t.security_type = 'INVOKER', ' sql security invoker', ''), ' view ', {_TABLE}, ' as',
    char(10), t.view_definition,
    if(t.check_option = 'NONE', '', concat(' with ', lower(t.check_option), ' check option'))) as definition
from information_schema.views t where {_own("t.table_schema")}"""
TRIGGERS = f"""{_SELECT} 'trigger' as kind, {_name("g.event_object_schema", "g.event_object_table")} as name,
  {_name("g.trigger_schema", "g.trigger_name")} as part,
  concat('create trigger ', {_name("g.trigger_schema", "g.trigger_name")}, ' ', lower(g.action_timing), ' ',
    lower(g.event_manipulation), ' on ', {_name("g.event_object_schema", "g.event_object_table")}, ' for each row',
    char(10), g.action_statement) as definition
from information_schema.triggers g where {_own("g.trigger_schema")}"""

_MARIADB = {"part": _PART, "hidden": "if(max(t.ignored) = 'YES', ' ignored', '')", "enforced": "''"}
_MYSQL = {
    "part": f"if(t.expression is null, concat({_PART}), concat('(', {_EXPRESSION.format('t.expression')}, ')'))",
    "hidden": "if(max(t.is_visible) = 'NO', ' invisible', '')",
    "enforced": "if(t.enforced = 'NO', ' not enforced', '')",
}
SHORT, LONG = 1000, 100
"""Rows in one answer of the Data API, which takes 1 MiB at most: definitions of a line, and of many lines."""


def queries(version: str) -> Sequence[tuple[str, str, int]]:
    """Query, order and rows of a page, in the order in which their objects are made."""
    words = _MARIADB if "MariaDB" in version else _MYSQL
    return (
        (SCHEMAS, "name", SHORT), (TABLES, "name", SHORT), (COLUMNS, "name, c.ordinal_position", SHORT),
        (INDEXES.format(**words), "name, part", SHORT), (CHECKS.format(**words), "name, part", SHORT),
        (FOREIGN_KEYS, "name, part", SHORT), (ROUTINES, "kind, name", LONG), (VIEWS, "name", LONG),
        (TRIGGERS, "name, part", LONG),
    )  # fmt: skip


def definition_of_column(version: str, cells: Sequence[Cell]) -> str:
    """Three parts on lines: type, collation or nothing, and all the rest."""
    kind, collation, _, null, extra, generated, comment = ("" if cell is None else str(cell) for cell in cells)
    words = extra.lower()
    more = [
        _generated(generated, words) if generated else _default(version, kind, cells[2], words),
        "not null" if null == "NO" else "",
        "auto_increment" if "auto_increment" in words else "",
        "on update " + words.partition("on update ")[2].upper() if "on update " in words else "",
        "invisible" if "invisible" in words else "",
        f"comment {mysql_literal(comment)}" if comment else "",
    ]
    return f"{kind}\n{f'collate {collation}' if collation else ''}\n{' '.join(filter(None, more))}"


def _generated(expression: str, extra: str) -> str:
    text = expression.replace("\\'", "'")
    return f"generated always as ({text}) {'stored' if 'stored' in extra else 'virtual'}"


def _default(version: str, kind: str, value: Cell, extra: str) -> str:
    """MariaDB has the default as SQL, and the word NULL for none; MySQL the bare text, which may be an expression."""
    if value is None or ("MariaDB" in version and value == "NULL"):
        return ""
    text = str(value)
    if "MariaDB" in version:
        return f"default {text}"
    if "default_generated" in extra:
        return (
            f"default {text}"
            if text.startswith("CURRENT_TIMESTAMP")
            else "default ({})".format(text.replace("\\'", "'"))
        )
    # MySQL writes bits as b'1' and bytes as 0x61.
    literal = kind.startswith(("bit", "binary", "varbinary"))
    return f"default {text if literal else mysql_literal(text)}"
