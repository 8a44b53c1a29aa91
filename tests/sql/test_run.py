from __future__ import annotations

import pytest

from aurora_cfn.errors import AwsError, InputError, SqlError
from aurora_cfn.model.rows import SqlParameter
from aurora_cfn.sql.resuming import prove
from aurora_cfn.sql.run import Script, run
from aurora_cfn.sql.split import split
from tests.sql.fakes import DATABASE, ONE, FakeClock, FakeDataApi

FAILED = SqlError('ERROR: relation "x" does not exist', sqlstate="42P01", position=15, code="DatabaseErrorException")


def test_each_statement_gets_its_own_parameters() -> None:
    api = FakeDataApi()
    script = Script(split("select :a; select 1; select :b, :a"), (SqlParameter("a", 1), SqlParameter("b", 2)))
    assert list(run(api, DATABASE, script)) == [ONE, ONE, ONE]
    assert api.parameters == [("a",), (), ("a", "b")]
    assert {transaction for _, transaction in api.asked} == {None}


def test_a_transaction_is_opened_and_committed() -> None:
    api = FakeDataApi()
    list(run(api, DATABASE, Script(split("select 1; select 2"), transaction=True)))
    assert api.asked == [("begin", None), ("select 1", "t1"), ("select 2", "t1"), ("commit", "t1")]


def test_a_failure_undoes_the_transaction_and_says_so() -> None:
    api = FakeDataApi(ONE, FAILED)
    with pytest.raises(SqlError) as refused:
        list(run(api, DATABASE, Script(split("select 1;\nselect *\nfrom x"), transaction=True, path="a.sql")))
    assert api.asked[-1] == ("rollback", "t1")
    assert str(refused.value).splitlines() == [
        'ERROR: relation "x" does not exist', "  at a.sql:3, statement 2 of 2", "  everything was rolled back",
    ]  # fmt: skip
    assert (refused.value.sqlstate, refused.value.exit_code) == ("42P01", 4)


def test_a_failure_without_transaction_says_what_stays() -> None:
    api = FakeDataApi(ONE, ONE, FAILED)
    with pytest.raises(SqlError, match="the statements before it were executed and stay so: 2 of 4"):
        list(run(api, DATABASE, Script(split("select 1; select 2; select 3; select 4"))))
    assert len(api.asked) == 3


def test_one_statement_needs_no_place() -> None:
    with pytest.raises(SqlError) as refused:
        list(run(FakeDataApi(FAILED), DATABASE, Script(split("select * from x"))))
    assert str(refused.value) == 'ERROR: relation "x" does not exist'


def test_a_reader_that_stops_undoes_the_transaction() -> None:
    api = FakeDataApi()
    results = run(api, DATABASE, Script(split("select 1; select 2"), transaction=True))
    next(results)
    results.close()
    assert api.asked[-1] == ("rollback", "t1")


def test_nothing_runs_when_a_parameter_is_missing() -> None:
    api = FakeDataApi()
    with pytest.raises(InputError, match="names :a"):
        list(run(api, DATABASE, Script(split("select 1; select :a"), transaction=True)))
    assert api.asked == []


def test_the_proof_is_a_row() -> None:
    assert prove(FakeDataApi(), DATABASE, FakeClock()) == 0
    from aurora_cfn.model.rows import Rows

    with pytest.raises(AwsError, match="answered"):
        prove(FakeDataApi(Rows()), DATABASE, FakeClock())
