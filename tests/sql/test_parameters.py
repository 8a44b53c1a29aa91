from __future__ import annotations

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import SqlParameter
from aurora_cfn.sql.parameters import check_used, parameters
from aurora_cfn.sql.split import split


@pytest.mark.parametrize(
    ("typed", "value", "hint"),
    [
        ("a=NULL", None, None),
        ("a=null", "null", None),
        ("a=", "", None),
        ("a=42", 42, None),
        ("a=-7", -7, None),
        ("a=007", "007", None),
        ("a=+49301234", "+49301234", None),
        ("a=9223372036854775807", 2**63 - 1, None),
        ("a=9223372036854775808", "9223372036854775808", "DECIMAL"),
        ("a=1.10", "1.10", "DECIMAL"),
        ("a=1e3", 1000.0, None),
        ("a=true", True, None),
        ("a=True", "True", None),
        ("a=hello world", "hello world", None),
        ("a=b=c", "b=c", None),
        ('a={"b": 1}', '{"b": 1}', "JSON"),
        ("a=[1, 2]", "[1, 2]", "JSON"),
        ("a={not json", "{not json", None),
        ("a:text=42", "42", None),
        ("a:text=NULL", "NULL", None),
        ("a:int=42", 42, None),
        ("a:float=1", 1.0, None),
        ("a:decimal=1E-7", "0.0000001", "DECIMAL"),
        ("a:decimal=NaN", "NaN", "DECIMAL"),
        ("a:bool=TRUE", True, None),
        ("a:json=3", "3", "JSON"),
        ("a:uuid=6F9619FF-8B86-D011-B42D-00CF4FC964FF", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "UUID"),
        ("a:date=2026-11-21", "2026-11-21", "DATE"),
        ("a:time=10:20", "10:20:00", "TIME"),
        ("a:timestamp=2026-11-21T10:20:30.5", "2026-11-21 10:20:30.500000", "TIMESTAMP"),
        ("a:timestamp=2026-11-21T10:20:30+02:00", "2026-11-21 08:20:30", "TIMESTAMP"),
        ("a:bytes=\\xdeadbeef", b"\xde\xad\xbe\xef", None),
        ("a=two\nlines", "two\nlines", None),
    ],
)
def test_what_is_typed_becomes(typed: str, value: object, hint: str | None) -> None:
    (found,) = parameters([typed])
    assert (found.name, found.value, found.hint) == ("a", value, hint)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("a", "-p a: is not name=value"),
        ("=1", "is not name=value"),
        ("1a=1", "is not name=value"),
        ("a:what=1", "'what' is not a type; there are: text, int"),
        ("a:int=x", "'x' is not of type int"),
        ("a:int=9223372036854775808", "is not of type int"),
        ("a:uuid=12", "'12' is not of type uuid"),
        ("a:date=21.11.2026", "is not of type date"),
        ("a:decimal=1,5", "is not of type decimal"),
        ("a:json={", "is not of type json"),
        ("a:bytes=zz", "is not of type bytes"),
        ("a:bool=yes", "is not of type bool"),
        ("a:time=10:20+01:00", "is not of type time"),
    ],
)
def test_what_cannot_be_read_is_shown(typed: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parameters([typed])
    assert message in str(refused.value)


def test_a_parameter_may_be_named_by_a_number() -> None:
    (found,) = parameters(["1:int=5"])
    assert (found.name, found.value) == ("1", 5)
    check_used(split("select :1, a[:2], a[1:2]"), [found])


def test_every_fault_is_shown_at_once() -> None:
    with pytest.raises(InputError) as refused:
        parameters(["a=1", "a=2", "b:int=x", "c"])
    assert [row.key for row in refused.value.complaints] == ["-p a", "-p b:int", "-p c"]


def test_parameters_and_placeholders_must_match() -> None:
    check_used(split("select :a; select :b"), [SqlParameter("a", 1), SqlParameter("b", 1)])
    with pytest.raises(InputError) as refused:
        check_used(split("select :a;\nselect :b"), [SqlParameter("a", 1), SqlParameter("c", 1)])
    assert str(refused.value).splitlines() == [
        "the statement in line 2 names :b, which was not given (-p b=VALUE)",
        "-p c: no statement names :c",
    ]
