"""`deploy`, `sql` and `connect` as whole commands against the emulator with its real PostgreSQL."""

from __future__ import annotations

import contextlib
import csv
import http.client
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer, running
from aurora_cfn.local.wire import call

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  sqltest:
    template: aurora-serverless-postgres
    parameters: {ClusterName: sqltest, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, LogRetentionDays: 1}
"""


PROOF = r"sqltest-local \(DBCluster\): select 1 through the Data API answered in \d+\.\d s"


class Project:
    """A folder of params and templates, and the commands that run in it."""

    def __init__(self, folder: Path, endpoint: str, home: Home) -> None:
        self.folder, self.endpoint = folder, endpoint
        self.environment = {"AURORA_CFN_HOME": str(home.path)}

    def run(self, command: str, *arguments: str, text: str | None = None, verb: str = "") -> Result:
        words = [command, *([verb] if verb else []), "--env", "local", "--endpoint-url", self.endpoint, *arguments]
        with contextlib.chdir(self.folder):
            return CliRunner(env=self.environment).invoke(root, words, input=text)

    def sql(self, *arguments: str, text: str | None = None) -> Result:
        return self.run("sql", *arguments, text=text)

    def rows(self, query: str, *arguments: str) -> list[dict[str, object]]:
        result = self.sql("--format", "json", query, *arguments)
        assert result.exit_code == 0, result.stderr
        found: list[dict[str, object]] = json.loads(result.stdout)
        return found


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("project")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    found = Project(folder, server.endpoint, home)
    deployed = found.run("deploy", "--yes")
    assert deployed.exit_code == 0, deployed.stderr
    assert re.search(PROOF, deployed.stderr.splitlines()[-1])
    return found


UUID = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
TYPES: dict[str, tuple[str, str, object]] = {
    "smallint": ("42::smallint", "42", 42),
    "integer": ("-7", "-7", -7),
    "bigint": ("9223372036854775807", "9223372036854775807", 2**63 - 1),
    "numeric": ("1.10::numeric", "1.10", 1.1),
    "real": ("0.1::real", "0.1", 0.1),
    "double precision": ("1e300::float8", "1e+300", 1e300),
    "not a number": ("'NaN'::float8", "NaN", "NaN"),
    "boolean": ("true", "true", True),
    "text": ("'naïve, \"quoted\"'", 'naïve, "quoted"', 'naïve, "quoted"'),
    "varchar": ("'v'::varchar(10)", "v", "v"),
    "empty text": ("''", "", ""),
    "null": ("null::text", "", None),
    "bytea": (r"'\xdead'::bytea", r"\xdead", r"\xdead"),
    "date": ("date '2026-11-21'", "2026-11-21", "2026-11-21"),
    "time": ("time '10:20:30.5'", "10:20:30.5", "10:20:30.5"),
    "timestamp": ("timestamp '2026-11-21 10:20:30.25'", "2026-11-21 10:20:30.25", "2026-11-21 10:20:30.25"),
    "timestamptz": ("timestamptz '2026-11-21 10:20:30+02'", "2026-11-21 08:20:30", "2026-11-21 08:20:30"),
    "uuid": ("'6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid", UUID, UUID),
    "json": ("""'{"b": 1.10, "a": [null]}'::json""", '{"b": 1.10, "a": [null]}', {"b": 1.1, "a": [None]}),
    "jsonb": ("""'{"a": {"b": "c"}}'::jsonb""", '{"a": {"b": "c"}}', {"a": {"b": "c"}}),
    "integers": ("array[1, 2]", "{1,2}", [1, 2]),
    "texts": ("array['a b', 'c', '']", '{"a b",c,""}', ["a b", "c", ""]),
    "booleans": ("array[true, false]", "{true,false}", [True, False]),
    "no elements": ("'{}'::int[]", "{}", []),
}


def test_values_of_many_types_come_back_right(project: Project) -> None:
    columns = ", ".join(f'{expression} as "{name}"' for name, (expression, _, _) in TYPES.items())
    (row,) = project.rows(f"select {columns}")
    assert row == {name: value for name, (_, _, value) in TYPES.items()}
    result = project.sql("--format", "csv", f"select {columns}")
    heads, fields = list(csv.reader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert dict(zip(heads, fields, strict=True)) == {name: field for name, (_, field, _) in TYPES.items()}


def test_what_was_left_alone_is_not_asked_for_a_proof(project: Project) -> None:
    again = project.run("deploy", "--yes")
    assert again.exit_code == 0
    assert "select 1" not in again.stderr


def test_parameters_keep_their_types(project: Project) -> None:
    typed = {"a": "42", "b": "1.10", "c": "true", "d": "NULL", "e": '{"x": 1}', "f:text": "42",
             "g:uuid": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "h:timestamp": "2026-11-21T10:00:00+01:00",
             "i:date": "2026-11-21", "j:bytes": "dead", "k:float": "1.5"}  # fmt: skip
    arguments = [word for name, value in typed.items() for word in ("-p", f"{name}={value}")]
    names = [name.partition(":")[0] for name in typed]
    (row,) = project.rows("select " + ", ".join(f"pg_typeof(:{name})::text as {name}" for name in names), *arguments)
    assert row == {
        "a": "bigint", "b": "numeric", "c": "boolean", "d": row["d"], "e": row["e"], "f": row["f"], "g": "uuid",
        "h": row["h"], "i": "date", "j": "bytea", "k": "double precision",
    }  # fmt: skip
    assert row["e"] in {"json", "jsonb"}
    (values,) = project.rows("select :h::timestamp as h, :d::int as d, :f::text as f, :j::bytea as j", *arguments[6:8],
                             *arguments[10:12], *arguments[14:16], *arguments[18:20])  # fmt: skip
    assert values == {"h": "2026-11-21 09:00:00", "d": None, "f": "42", "j": r"\xdead"}


def test_a_script_with_every_kind_of_quote_runs(project: Project) -> None:
    script = r"""
        create table quotes (id int primary key, v text);  -- a comment; with a semicolon
        insert into quotes values (1, 'it''s; fine'), (2, E'a\'; b');
        /* a /* nested; */ comment; */
        do $do$ begin insert into quotes values (3, $x$;$x$); end $do$;
        create function quoted(k int) returns text language sql as 'select v from quotes where id = k;';
        select quoted(1), quoted(2), quoted(3);
        drop function quoted; drop table quotes
    """
    result = project.sql("--format", "json", "-", text=script)
    assert result.exit_code == 0, result.stderr
    assert list(json.loads(result.stdout)[0].values()) == ["it's; fine", "a'; b", ";"]
    assert result.stderr.splitlines() == ["create table", "insert into: 2 rows", "do", "create function",
                                        "drop function", "drop table"]  # fmt: skip


def test_a_transaction_is_all_or_nothing(project: Project) -> None:
    assert project.sql("create table once (id int primary key)").exit_code == 0
    twice = "insert into once values (1);\ninsert into once values (1)"
    refused = project.sql("--transaction", twice)
    assert refused.exit_code == 4
    assert 'duplicate key value violates unique constraint "once_pkey"' in refused.stderr
    assert refused.stderr.splitlines()[-2:] == ["  at line 2, statement 2 of 2", "  everything was rolled back"]
    assert project.rows("select count(*) from once") == [{"count": 0}]
    assert project.sql(twice).exit_code == 4
    assert project.rows("select count(*) from once") == [{"count": 1}]
    assert project.sql("drop table once").exit_code == 0


@pytest.mark.parametrize(
    ("query", "state", "words"),
    [
        ("select * from nowhere", "42P01", 'relation "nowhere" does not exist'),
        ("selec 1", "42601", 'syntax error at or near "selec"'),
        ("select 1/0", "22012", "division by zero"),
    ],
)
def test_postgresql_says_it_in_its_own_words(project: Project, query: str, state: str, words: str) -> None:
    refused = project.sql(query)
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert refused.stderr.startswith(f"error: ERROR: {words}")
    assert f"(SQLState {state})" in refused.stderr


def test_a_paused_database_is_woken_up_and_it_is_shown(project: Project, home: Home) -> None:
    record = running(home)
    assert record
    call(record, "POST", "pause", {"name": "sqltest", "resume_seconds": 2}, keys=keys_of(home))
    impatient = project.sql("--wait", "0", "select 1 as one")
    assert impatient.exit_code == 4
    assert "still resuming after 0 s" in impatient.stderr
    result = project.sql("select 1 as one")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, b"one\r\n1\r\n", "waking up (0 s)\n")


def test_an_answer_that_is_too_large_has_a_hint(project: Project) -> None:
    refused = project.sql("select repeat('x', 2000000)")
    assert refused.exit_code == 4
    assert "at most 1 MiB: select fewer columns, or page with limit and offset" in refused.stderr


def test_psql_is_started_on_the_same_database(project: Project) -> None:
    words = [sys.executable, "-m", "aurora_cfn", "connect", "--env", "local", "--endpoint-url", project.endpoint]
    query = "select current_database(), current_user"
    done = subprocess.run(
        [*words, "--", "--no-psqlrc", "--csv", "--tuples-only", "-c", query], cwd=project.folder, text=True,
        capture_output=True, check=False, env={**os.environ, **project.environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if shutil.which("psql"):
        assert (done.returncode, done.stdout) == (0, "temporal,dbadmin\n")
        assert "sslmode=verify-full" in done.stderr
    else:
        assert (done.returncode, done.stdout) == (3, "")
        assert "psql is not on PATH" in done.stderr


QUERY = """\
import sys, psycopg2
cursor = psycopg2.connect(sys.argv[1] if len(sys.argv) > 1 else "").cursor()
cursor.execute("select current_user, current_setting('transaction_read_only'), ssl from pg_stat_ssl "
               "where pid = pg_backend_pid()")
print(*cursor.fetchone())
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "dbadmin off"),
        (("--read-only", "--reader"), "dbadmin on"),
        (("--role", "migrator"), "migrator off"),
        (("--role", "migrator", "--file"), "migrator off"),
    ],
)
def test_a_program_logs_in_with_what_run_gives_it(project: Project, options: tuple[str, ...], expected: str) -> None:
    made = "do $$begin create role migrator login; grant rds_iam to migrator; exception when others then null; end$$"
    assert project.sql(made).exit_code == 0
    words = [sys.executable, "-m", "aurora_cfn", "run", "--env", "local", "--endpoint-url", project.endpoint, *options]
    child = [sys.executable, "-c", QUERY]
    done = subprocess.run(
        [*words, "--", *child], cwd=project.folder, text=True, capture_output=True, check=False,
        env={**os.environ, **project.environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout.split()[:2]) == (0, expected.split()), done.stderr
    assert "verify-full" in done.stderr


def test_connect_gives_a_url_that_other_programs_take(project: Project) -> None:
    given = project.run("connect", "--url", "--show-password", "--read-only")
    assert given.exit_code == 0, given.stderr
    done = subprocess.run([sys.executable, "-c", QUERY, given.stdout.strip()], text=True, capture_output=True)
    assert done.stdout.split()[:2] == ["dbadmin", "on"], done.stderr


PLUGIN = """\
#!{python}
import json, socket, sys, threading
if sys.argv[1:] == ["--version"]:
    sys.exit(print("1.2.707.0"))
asked = {name: value[0] for name, value in json.loads(sys.argv[5])["Parameters"].items()}
listening = socket.create_server(("127.0.0.1", int(asked["localPortNumber"])))
print("Waiting for connections...", flush=True)
def carry(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
while True:
    near, far = listening.accept()[0], socket.create_connection((asked["host"], int(asked["portNumber"])))
    for pair in ((near, far), (far, near)):
        threading.Thread(target=carry, args=pair, daemon=True).start()
"""


@contextlib.contextmanager
def with_session_manager(endpoint: str) -> Iterator[str]:
    """URL of the emulator with a Session Manager, which it does not have: sessions begin and end."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, text = 200, b'{"SessionId": "me-0abc", "StreamUrl": "wss://x.invalid/", "TokenValue": "t"}'
            if not self.headers.get("X-Amz-Target", "").startswith("AmazonSSM."):
                near = http.client.HTTPConnection(endpoint.removeprefix("http://"))
                near.request("POST", self.path, body, dict(self.headers))
                answer = near.getresponse()
                status, text = answer.status, answer.read()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_sessions_go_through_a_tunnel_in_the_background(
    project: Project, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = tmp_path / "session-manager-plugin"
    plugin.write_text(PLUGIN.replace("{python}", sys.executable))
    plugin.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    refused = project.run("tunnel", "--via", "i-0abc", "--background")
    assert (refused.exit_code, "no Session Manager at this endpoint" in refused.stderr) == (4, True), refused.stderr
    with with_session_manager(project.endpoint) as url:
        opened = Project(project.folder, url, home).run("tunnel", "--via", "i-0abc", "--background")
        assert opened.exit_code == 0, opened.stderr
        given = project.run("connect", "--url", "--show-password").stdout.strip()
        done = [subprocess.run([sys.executable, "-c", QUERY, given], text=True, capture_output=True) for _ in range(2)]
        listed, stopped = project.run("tunnel", "--status"), project.run("tunnel", "--stop")
    assert f"@127.0.0.1:{json.loads(opened.stdout)['port']}/" in given
    assert [one.stdout.split()[:2] for one in done] == [["dbadmin", "off"]] * 2, done
    assert listed.stdout.splitlines()[1].startswith("local,sqltest-local,")
    assert stopped.exit_code == 0
    after = subprocess.run([sys.executable, "-c", QUERY, given], text=True, capture_output=True)
    assert "Connection refused" in after.stderr


def with_command(project: Project, code: str) -> None:
    words = json.dumps([sys.executable, "-c", code])
    (project.folder / "params/local.yaml").write_text(f"{PARAMS}    after_deploy: {words}\n")


MIGRATION = "import psycopg2; c = psycopg2.connect(''); c.cursor().execute('{}'); c.commit(); print('migrated')"


def deployed_with(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: what the command prints goes past click."""
    words = [sys.executable, "-m", "aurora_cfn", "deploy", "--env", "local", "--endpoint-url", project.endpoint]
    return subprocess.run(
        [*words, "--no-proof", *options], cwd=project.folder, text=True, capture_output=True, check=False,
        env={**os.environ, **project.environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_after_deploy_migrates_also_where_the_stack_did_not_change(project: Project) -> None:
    with_command(project, MIGRATION.format("create table migrated (id int)"))
    assert deployed_with(project, "--yes", "--no-after-deploy").returncode == 0
    assert project.rows("select to_regclass('migrated') is null as missing") == [{"missing": True}]
    assert deployed_with(project, "--yes", "--dry-run").returncode == 0
    assert project.rows("select to_regclass('migrated') is null as missing") == [{"missing": True}]
    done = deployed_with(project, "--yes")
    assert done.returncode == 0, done.stderr
    assert project.rows("select count(*) from migrated") == [{"count": 0}]
    # The outputs of the stacks are what stands on stdout.
    assert "migrated" not in done.stdout
    assert "migrated\n" in done.stderr
    again = deployed_with(project, "--yes")
    assert again.returncode == 5
    assert "ended with exit code 1\n  what was deployed stays; again: aurora-cfn run --env local" in again.stderr


def test_an_after_deploy_that_is_not_installed_is_said_before_anything_is_deployed(project: Project) -> None:
    (project.folder / "params/local.yaml").write_text(f"{PARAMS}    after_deploy: [no-such-tool, up]\n")
    done = deployed_with(project, "--yes")
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: no-such-tool is not on PATH; params/local.yaml: stacks.sqltest.after_deploy runs it" in done.stderr
    (project.folder / "params/local.yaml").write_text(PARAMS)
