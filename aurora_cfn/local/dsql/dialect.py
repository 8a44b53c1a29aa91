"""What DSQL refuses: ministack's rules in the words and with the codes of the service, and the rules that it lacks.

The words are those that clusters were seen to send in 2026; where none were seen, the guide's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core import pgproxy
from ministack.core.pgproxy import DsqlError

from aurora_cfn.local.replacing import Inner, replace

NOT_SUPPORTED = "0A000"
LIMIT = "54000"
_REWORDED: Mapping[str, tuple[str, str]] = {
    "only one DDL statement": (NOT_SUPPORTED, "multiple ddl statements not supported in a transaction"),
    "DDL and DML statements": (NOT_SUPPORTED, "ddl and dml are not supported in the same transaction"),
    "transaction exceeds the 3,000 row": (LIMIT, "transaction row limit exceeded"),
    "transaction exceeds the 10 MiB": (LIMIT, "transaction size limit 10mb exceeded"),
    "transaction exceeded the 5 minute": (LIMIT, "transaction age limit of 300s exceeded"),
    "already has the maximum of 24 indexes": (LIMIT, "more than 24 indexes per table are not allowed"),
    "CREATE DATABASE is": (NOT_SUPPORTED, "unsupported statement: Createdb"),
    "CREATE PROCEDURE is": (NOT_SUPPORTED, "PROCEDURE is not supported"),
    "TRUNCATE is": (NOT_SUPPORTED, "unsupported statement: Truncate"),
    "ALTER COLUMN TYPE is": (NOT_SUPPORTED, "unsupported ALTER TABLE ALTER COLUMN ... SET DATA TYPE statement"),
}
"""The start of ministack's message, and DSQL's code and message."""
_TYPE = re.compile(r'type "(?P<type>[^"]+)" is not supported')
_SERIAL = re.compile(r"(small|big)?serial\d?", re.IGNORECASE)
_CREATE_SEQUENCE = re.compile(r"\s*CREATE\s+SEQUENCE\b", re.IGNORECASE)
_IDENTITY = re.compile(r"\bAS\s+IDENTITY\b(?P<options>\s*\([^)]*\))?", re.IGNORECASE)
_CACHE = re.compile(r"\bCACHE\s+\d+", re.IGNORECASE)
_SEQUENCE_TYPE = re.compile(r"\bAS\s+(?!bigint\b|int8\b)(?P<type>\w+)", re.IGNORECASE)
_ISOLATION = re.compile(
    r"\s*(?:BEGIN|START|SET)\b.*\bISOLATION\s+LEVEL\s+(?P<level>SERIALIZABLE|READ\s+\w+)|"
    r"\s*SET\s+.*\bdefault_transaction_isolation\b\s*(?:=|\bTO\b)\s*'?(?P<other>serializable|read\s+\w+)",
    re.IGNORECASE | re.DOTALL,
)
_VALIDATE = re.compile(r"\s*ALTER\s+TABLE\s+(?!ASYNC\b).*\bVALIDATE\s+CONSTRAINT\b", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(
    r"\b(?P<type>varchar|character\s+varying|char|character|bpchar)\s*\(\s*(?P<n>\d+)\s*\)", re.IGNORECASE
)
# Bytes (Aurora DSQL user guide, "Supported data types").
_LONGEST = {"varchar": 65_535, "char": 4_096}
_INDEX = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\b.*?\bON\b[^(]*\((?P<keys>.*)\)", re.IGNORECASE | re.DOTALL)
_SORTED = re.compile(r"\b(ASC|DESC|NULLS\s+(FIRST|LAST))\s*(,|$)", re.IGNORECASE)
_OPCLASS = re.compile(r"\w\"?\s+\w+_ops\s*(,|$)", re.IGNORECASE)


def install() -> None:
    """Put these rules around those of ministack."""
    replace(pgproxy, "validate", _validated)
    replace(pgproxy, "_plan_statement", _planned)


def _validated(inner: Inner, sql: str, *more: Any) -> Any:
    found = _reworded(inner(sql, *more))
    refusal = None if isinstance(found, DsqlError) else refused(pgproxy.strip_leading_comments(sql))
    return DsqlError(*refusal) if refusal else found


async def _planned(inner: Inner, *arguments: Any, **options: Any) -> Any:
    kind, found = await inner(*arguments, **options)
    return kind, _reworded(found)


def refused(sql: str) -> tuple[str, str] | None:
    """The code and message of the first rule that the statement breaks."""
    return next(_refusals(sql), None)


def _refusals(sql: str) -> Iterator[tuple[str, str]]:
    isolation = _ISOLATION.match(sql)
    if isolation:
        level = (isolation["level"] or isolation["other"]).upper()
        yield NOT_SUPPORTED, f"isolation level {level} not supported: transactions are REPEATABLE READ"
    if _VALIDATE.match(sql):
        yield NOT_SUPPORTED, "unsupported ALTER TABLE VALIDATE CONSTRAINT statement"
    if _CREATE_SEQUENCE.match(sql):
        yield from _sequence(sql)
    if re.match(r"\s*(CREATE|ALTER)\s+TABLE\b", sql, re.IGNORECASE):
        yield from _columns(sql)
    index = _INDEX.match(sql)
    if index:
        yield from _keys(index["keys"])


def _sequence(sql: str) -> Iterator[tuple[str, str]]:
    kind = _SEQUENCE_TYPE.search(sql)
    if kind:
        yield NOT_SUPPORTED, f"sequence type {kind['type'].lower()} not supported: sequences are bigint"
    if not _CACHE.search(sql):
        yield NOT_SUPPORTED, "CREATE SEQUENCE requires an explicit CACHE value of 1 or at least 65536"


def _columns(sql: str) -> Iterator[tuple[str, str]]:
    for identity in _IDENTITY.finditer(sql):
        if not _CACHE.search(identity["options"] or ""):
            yield NOT_SUPPORTED, "identity columns require an explicit CACHE value of 1 or at least 65536"
    for found in _LENGTH.finditer(sql):
        kind = "varchar" if "var" in found["type"].lower() else "char"
        if int(found["n"]) > _LONGEST[kind]:
            yield LIMIT, f"Datatype limit greater than {_LONGEST[kind]} bytes not supported for {kind}"


def _keys(keys: str) -> Iterator[tuple[str, str]]:
    if _SORTED.search(keys):
        yield NOT_SUPPORTED, "specifying sort order not supported for index keys"
    if _OPCLASS.search(keys):
        yield NOT_SUPPORTED, "opclass not supported for index keys"


def _reworded(found: Any) -> Any:
    text = getattr(found, "message", None)
    if not isinstance(text, str):
        return found
    for start, (code, message) in _REWORDED.items():
        if start in text:
            return DsqlError(code, message)
    kind = _TYPE.fullmatch(text)
    if kind is None:
        return found
    if _SERIAL.fullmatch(kind["type"]):
        return DsqlError("42704", f'type "{kind["type"].lower()}" does not exist')
    return DsqlError(NOT_SUPPORTED, f"datatype {kind['type']} not supported")
