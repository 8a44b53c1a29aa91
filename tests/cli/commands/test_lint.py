"""`aurora-cfn lint` as a whole command, and its cache."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.cli.runs.lint_findings import KEPT, LintCache, findings_of
from aurora_cfn.facts.offered import EngineOffer, offered_text
from aurora_cfn.lint.subject import Subject
from tests.cli.project import Project
from tests.lint.toys import changed

TODAY = date(2026, 11, 21)
GOOD = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
WRONG = f"{GOOD}    Properties:\n      Nonsense: 1\n"
WARNED = f"Parameters:\n  Unused: {{Type: String}}\n{GOOD}"


def run(folder: Path, *arguments: str, text: str | None = None) -> Result:
    runner = CliRunner(env={"AURORA_CFN_CACHE": str(folder / "cache")})
    return runner.invoke(root, ["lint", *arguments], input=text)


def written(folder: Path, text: str, name: str = "t.yaml") -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return str(file)


@pytest.mark.parametrize(
    ("text", "options", "code", "summary"),
    [
        (GOOD, (), 0, "no findings in 1 template\n"),
        (WRONG, (), 1, "1 error in 1 template\n"),
        (WARNED, (), 0, "1 warning in 1 template\n"),
        (WARNED, ("--strict",), 1, "1 warning in 1 template\n"),
    ],
)
def test_only_errors_fail_unless_strict(
    tmp_path: Path, text: str, options: tuple[str, ...], code: int, summary: str
) -> None:
    ran = run(tmp_path, written(tmp_path, text), *options)
    assert (ran.exit_code, ran.stderr) == (code, summary)
    assert ran.stdout.count("\n") == (text != GOOD)


def test_findings_are_the_only_thing_on_stdout(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    assert run(tmp_path, path).stdout.startswith(f"{path}:5:7: error E3002: ")
    shown = json.loads(run(tmp_path, path, "--format", "json").stdout)
    assert [row["rule"] for row in shown["findings"]] == ["E3002"]


def test_a_folder_gives_its_templates_and_nothing_else(tmp_path: Path) -> None:
    written(tmp_path, WRONG, "in/a.yaml")
    written(tmp_path, json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}), "in/b.json")
    written(tmp_path, "notes\n", "in/notes.md")
    assert run(tmp_path, str(tmp_path / "in")).stderr == "1 error in 2 templates\n"


def test_a_template_may_come_from_standard_input(tmp_path: Path) -> None:
    ran = run(tmp_path, "-", text=WRONG)
    assert (ran.exit_code, ran.stdout.startswith("<stdin>:5:7: error E3002")) == (1, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Resources: [", "not YAML"),
        (b"text", "not a template"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * 1_048_577, "larger than 1,048,576 bytes"),
    ],
)
def test_what_cannot_be_read_is_one_message_and_exit_code_3(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "t.yaml").write_bytes(content)
    ran = run(tmp_path, str(tmp_path / "t.yaml"))
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert message in ran.stderr
    assert "t.yaml" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("name", ["missing.yaml", "empty"])
def test_a_missing_path_is_exit_code_3(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(tmp_path, str(tmp_path / name))
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert name in ran.stderr


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("t.yaml", "Resources:\n  A:\n    Type: [x", "t.yaml:3: not YAML"),
        ("t.json", '{"Resources": {\n  "A": {"Type": "AWS::SNS::Topic",}\n}}\n', "t.json:2: not JSON"),
    ],
)
def test_a_broken_text_is_shown_at_a_line_that_there_is(tmp_path: Path, name: str, content: str, where: str) -> None:
    ran = run(tmp_path, written(tmp_path, content, name))
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert where in ran.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [("b.yaml", "Resources:\n  A: {Type: AWS::SNS::Topic, Type: AWS::SQS::Queue}\n"), ("b.json", '{"Resources": {},}')],
)
def test_a_broken_file_does_not_hide_the_findings_of_the_others(tmp_path: Path, name: str, content: str) -> None:
    good, broken = written(tmp_path, WRONG, "a.yaml"), written(tmp_path, content, name)
    ran = run(tmp_path, good, broken, "--format", "json")
    document = json.loads(ran.stdout)
    assert (ran.exit_code, document["summary"]["templates"]) == (3, 1)
    assert {row["path"] for row in document["findings"]} == {good}
    assert name in ran.stderr


def test_json_may_be_indented_with_tabs(tmp_path: Path) -> None:
    text = json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}, indent="\t")
    assert run(tmp_path, written(tmp_path, text, "t.json")).exit_code == 0


def test_a_name_that_no_file_can_have_is_one_message(tmp_path: Path) -> None:
    ran = run(tmp_path, f"{'x' * 300}.yaml")
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert "cannot be read: File name too long" in ran.stderr


def test_a_folder_is_read_past_its_pipes_and_folders(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "in/a.yaml")
    (tmp_path / "in" / "inner.yaml").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe.yaml")
    ran = run(tmp_path, str(tmp_path / "in"))
    assert (ran.exit_code, ran.stderr) == (0, "no findings in 1 template\n")


def test_a_link_that_leads_nowhere_is_shown(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "in/a.yaml")
    (tmp_path / "in" / "b.yaml").symlink_to(tmp_path / "gone.yaml")
    ran = run(tmp_path, str(tmp_path / "in"))
    assert (ran.exit_code, "b.yaml: cannot be read" in ran.stderr) == (3, True)


def test_a_pipe_of_the_shell_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(path.write_text, WRONG)
        ran = run(tmp_path, str(path))
        assert sent.result() == len(WRONG)
    assert (ran.exit_code, ran.stderr) == (1, "1 error in 1 template\n")


def test_standard_input_may_be_closed(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m aurora_cfn lint - <&-"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}, capture_output=True, text=True, check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == "error: <stdin>: standard input is closed\n"


def test_a_terminal_gets_colours_and_the_way_to_an_explanation(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    run(tmp_path, path)  # what is in the cache needs no cfn-lint in another process
    said = in_terminal("lint", path, folder=tmp_path)
    assert "\x1b[31merror\x1b[0m E3002: " in said
    assert said.endswith("1 error in 1 template\r\nwhat a rule is about, and why: aurora-cfn lint --explain E3002\r\n")


def in_terminal(*arguments: str, folder: Path) -> str:
    """What a person sees who runs the command in a terminal."""
    mine, theirs = os.openpty()
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3]), "TERM": "xterm"}
    environ["AURORA_CFN_CACHE"] = str(folder / "cache")
    ran = subprocess.Popen(
        [sys.executable, "-m", "aurora_cfn", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environ,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # a terminal that everyone left ends with an error
        while part := os.read(mine, 4096):
            said += part
    os.close(mine)
    ran.wait(timeout=60)
    return said.decode()


def test_without_a_path_templates_is_linted(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        none = run(tmp_path)
        written(Path(), WRONG, "templates/a.yaml")
        some = run(tmp_path)
    assert (none.exit_code, "templates" in none.stderr) == (3, True)
    assert (some.exit_code, some.stdout.startswith("templates/a.yaml:5:7")) == (1, True)


def test_a_repeated_lint_imports_no_cfnlint(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    first = run(tmp_path, path)
    probe = f"""
import sys
from click.testing import CliRunner
from aurora_cfn.cli import root
ran = CliRunner(env={{"AURORA_CFN_CACHE": {str(tmp_path / "cache")!r}}}).invoke(root, ["lint", {path!r}])
print(ran.exit_code, "cfnlint" in sys.modules)
print(ran.stdout, end="")
"""
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout == f"1 False\n{first.stdout}"


@pytest.mark.parametrize("damage", ["", "{", '{"from": "2000-01-01"}', "\0"])
def test_a_damaged_cache_is_ignored_and_repaired(tmp_path: Path, damage: str) -> None:
    subject, cache = Subject("t.yaml", WRONG), LintCache(tmp_path)
    expected = findings_of([subject], today=TODAY, cache=cache)
    (file,) = tmp_path.iterdir()
    whole = file.read_text()
    file.write_text(damage)
    assert findings_of([subject], today=TODAY, cache=cache) == expected
    assert file.read_text() == whole


def test_a_cache_that_cannot_be_written_never_fails_the_lint(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = findings_of([Subject("t.yaml", WRONG)], today=TODAY, cache=LintCache(tmp_path / "file" / "below"))
    assert [row.rule for row in found] == ["E3002"]


@pytest.mark.parametrize("other", [Subject("t.yaml", GOOD), Subject("t.yaml", WRONG, {"A": "1"}),
                                   Subject("t.yaml", WRONG, region="eu-west-1")])  # fmt: skip
def test_another_text_value_or_region_is_another_result(tmp_path: Path, other: Subject) -> None:
    cache = LintCache(tmp_path)
    findings_of([Subject("t.yaml", WRONG)], today=TODAY, cache=cache)
    findings_of([other], today=TODAY, cache=cache)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_same_text_at_another_path_is_known(tmp_path: Path) -> None:
    cache = LintCache(tmp_path)
    findings_of([Subject("a.yaml", WRONG)], today=TODAY, cache=cache)
    (found,) = findings_of([Subject("b.yaml", WRONG)], today=TODAY, cache=cache)
    assert found.path == "b.yaml"
    assert len(list(tmp_path.iterdir())) == 1


def test_nothing_about_a_secret_is_kept(tmp_path: Path) -> None:
    text = f"Parameters:\n  Word: {{Type: String, NoEcho: true}}\n{GOOD}"
    findings_of([Subject("t.yaml", text, {"Word": "hunter2"})], today=TODAY, cache=LintCache(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_cache_keeps_the_newest_results(tmp_path: Path) -> None:
    cache = LintCache(tmp_path)
    for number in range(KEPT + 3):
        cache.write(str(number), "x")
    assert len(list(tmp_path.iterdir())) == KEPT
    assert cache.read(str(KEPT + 2)) == "x"


def test_no_cache_keeps_nothing(tmp_path: Path) -> None:
    run(tmp_path, written(tmp_path, WRONG), "--no-cache")
    assert not (tmp_path / "cache").exists()


ENVIRONMENT = """\
region: eu-west-1
stacks:
  one: {template: cluster, parameters: {MinCapacity: 1, EngineVersion: "17.7"}}
  two: {template: cluster, parameters: {EngineVersion: "17", ClusterName: dev-two}}
"""
CLUSTER = """\
Parameters:
  ClientName: {Type: String, Default: ""}
  ClusterName: {Type: String, MinLength: 1, Default: dev-one}
  EngineVersion: {Type: String, Default: "17.7"}
  MinCapacity: {Type: Number, Default: 0}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      DBClusterIdentifier: !Ref ClusterName
      Engine: aurora-postgresql
      EngineVersion: !Ref EngineVersion
      MasterUsername: owner
      ManageMasterUserPassword: true
      DatabaseName: !Ref ClientName
      ServerlessV2ScalingConfiguration: {MinCapacity: !Ref MinCapacity, MaxCapacity: 8}
      BackupRetentionPeriod: 14
      CopyTagsToSnapshot: true
      EnableIAMDatabaseAuthentication: true
      StorageEncrypted: true
      EnableCloudwatchLogsExports: [postgresql]
  Writer:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      DBClusterIdentifier: !Ref Cluster
      DBInstanceClass: db.serverless
      Engine: aurora-postgresql
      AutoMinorVersionUpgrade: false
  Log:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {LogGroupName: !Sub "/aws/rds/cluster/${ClusterName}/postgresql", RetentionInDays: 30}
"""


def test_each_stack_of_an_environment_is_checked_with_its_values(dev: Project) -> None:
    params = dev.folder / "params" / "dev.yaml"
    written(dev.folder / "templates", CLUSTER, "cluster.yaml")
    params.write_text(ENVIRONMENT)
    ran = dev.run("lint", "--env", "dev", "templates/cluster.yaml")
    assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (0, "no findings in 1 template")
    params.write_text(ENVIRONMENT.replace('EngineVersion: "17"', 'EngineVersion: "15.13"'))
    ran = dev.run("lint", "--env", "dev", "--strict", "templates/cluster.yaml")
    assert (ran.exit_code, "this minor version of 15.13" in ran.stdout) == (1, True)


@pytest.mark.parametrize(("version", "code"), [("17.7", 0), ("15.13", 1)])
def test_the_clients_of_a_fleet_are_checked_with_the_values_that_they_share(
    dev: Project, version: str, code: int
) -> None:
    fleet = f'fleet: {{name: shop, regions: [eu-west-1], template: TEMPLATE, defaults: {{EngineVersion: "{version}"}}}}'
    written(dev.folder / "templates", CLUSTER, "cluster.yaml")
    text = "region: eu-west-1\nstacks: {network: {template: network}}\n"
    (dev.folder / "params/dev.yaml").write_text(text + fleet.replace("TEMPLATE", "cluster"))
    ran = dev.run("lint", "--env", "dev", "--strict", "templates/cluster.yaml")
    assert (ran.exit_code, f"this minor version of {version}" in ran.stdout) == (code, bool(code)), ran.stdout


MYSQL = """\
region: eu-west-1
stacks:
  db: {template: aurora-serverless-mysql, after_deploy: [dbmate, --migrations-dir=db, up]}
  api:
    template: http-api
    handlers: handlers
    parameters:
      Engine: mysql
      SubnetIds: [subnet-0a1b2c3d4e5f6a7b8, subnet-1a1b2c3d4e5f6a7b8]
      SecurityGroupIds: [sg-0a1b2c3d4e5f6a7b8]
      ProxyEndpoint: p.proxy-abc.eu-west-1.rds.amazonaws.com
      ProxyResourceId: prx-0123456789abcdef0
"""


@pytest.mark.parametrize("paths", [(), ("templates/http-api.yaml",), ("templates/network.yaml",)])
def test_sql_that_aurora_mysql_refuses_has_its_file_and_line(dev: Project, paths: tuple[str, ...]) -> None:
    (dev.folder / "params" / "dev.yaml").write_text(MYSQL)
    written(dev.folder / "db", "create table t (id int);\n\ncreate sequence s;\n", "1.sql")
    written(dev.folder / "handlers", 'def read(run):\n    run("insert into t values (1) returning id")\n', "own.py")
    ran = dev.run("lint", "--env", "dev", *paths)
    assert ran.exit_code == 0, ran.stderr
    found = [line.partition(": ")[0] for line in ran.stdout.splitlines() if "W9501" in line]
    assert found == ([] if "network" in str(paths) else ["db/1.sql:3:1"] * (not paths) + ["handlers/own.py:2:1"])
    assert "RETURNING runs on MariaDB only, and Aurora MySQL refuses it" in ran.stdout or not found
    assert "a statement" in dev.run("lint", "--explain", "w9501").stdout.lower()


def test_an_unknown_environment_is_exit_code_3(dev: Project) -> None:
    ran = dev.run("lint", "--env", "prodction")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "no such environment" in ran.stderr


def test_rules_are_listed_and_explained(tmp_path: Path) -> None:
    listed = run(tmp_path, "--list-rules")
    assert listed.exit_code == 0
    assert "E9001  EngineMode serverless is Aurora Serverless v1\n" in listed.stdout
    stdout = run(tmp_path, "--explain", "e9024").stdout
    assert stdout.startswith("E9024: Editing a parameter replaces the database")
    assert "Do: set UpdateReplacePolicy to Snapshot or Retain\n" in stdout
    assert "checked on 2026-11-20" in stdout
    assert run(tmp_path, "--explain", "E3002").stdout.startswith("E3002: ")
    assert run(tmp_path, "--explain", "W9403").stdout.startswith("W9403: ")


def test_an_unknown_rule_cannot_be_explained(tmp_path: Path) -> None:
    ran = run(tmp_path, "--explain", "E9O24")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "did you mean E9024?" in ran.stderr


def test_the_folder_of_the_rules_is_printed(tmp_path: Path) -> None:
    assert (Path(run(tmp_path, "--rules-folder").stdout.strip()) / "backups.py").is_file()


def test_the_other_formats_name_the_rule_too(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    for form in ("github", "sarif", "junit"):
        ran = run(tmp_path, path, "--format", form)
        assert (ran.exit_code, "E3002" in ran.stdout) == (1, True)


def test_what_rds_offers_counts_and_is_part_of_the_result(tmp_path: Path) -> None:
    text = json.dumps(changed({"Cluster.ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 4}}))
    subject, cache = Subject("t.json", text), LintCache(tmp_path / "lint")
    none = findings_of([subject], today=TODAY, cache=cache, offered=tmp_path / "none")
    offer = EngineOffer("aurora-postgresql", {"17.7": (0.5, 256)}, {})
    (tmp_path / "offered.json").write_text(offered_text([offer], region="eu-west-1", today=TODAY))
    some = findings_of([subject], today=TODAY, cache=cache, offered=tmp_path / "offered.json")
    assert [row.rule for row in some if row not in none] == ["E9007"]
