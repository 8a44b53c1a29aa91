from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from cases import CLUSTER, DATABASE, Cases, refused, same
from tools import bucket, run, template

cases = Cases()
HERE = Path(tempfile.mkdtemp())
DATA = ["--resource-arn", CLUSTER["resourceArn"], "--secret-arn", CLUSTER["secretArn"], "--database", DATABASE]


def aws(*words: str, **variables: str) -> dict:
    text = run("aws", *words, "--output", "json", folder=HERE, **variables)
    return json.loads(text) if text.strip().startswith(("{", "[")) else {"text": text}


def execute(sql: str, *more: str) -> dict:
    return aws("rds-data", "execute-statement", *DATA, "--sql", sql, *more)


def written(name: str, content: dict) -> str:
    (HERE / name).write_text(json.dumps(content))
    return f"file://{HERE / name}"


cases.add(
    "types",
    "execute-statement",
    lambda: same(execute("select 1, 'a'")["records"], [[{"longValue": 1}, {"stringValue": "a"}]]),
)
cases.add(
    "types",
    "parameters",
    lambda: same(
        execute("select :1::int", "--parameters", json.dumps([{"name": "1", "value": {"longValue": 5}}]))["records"],
        [[{"longValue": 5}]],
    ),
)
cases.add("nulls", "null", lambda: same(execute("select null::int")["records"], [[{"isNull": True}]]))
cases.add(
    "arrays", "arrays", lambda: same(execute("select array[1]")["records"], [[{"arrayValue": {"longValues": [1]}}]])
)
cases.add(
    "types",
    "formatted as JSON",
    lambda: same(json.loads(execute("select 1 as a", "--format-records-as", "JSON")["formattedRecords"]), [{"a": 1}]),
)


@cases.case("transactions", "begin, savepoint, commit")
def transaction() -> None:
    execute("create table if not exists cli_rows (a int primary key)")
    name = aws("rds-data", "begin-transaction", *DATA)["transactionId"]
    for sql in ("insert into cli_rows values (1)", "savepoint one"):
        execute(sql, "--transaction-id", name)
    with refused("23505"):
        execute("insert into cli_rows values (1)", "--transaction-id", name)
    execute("rollback to savepoint one", "--transaction-id", name)
    aws("rds-data", "commit-transaction", *DATA[:4], "--transaction-id", name)
    same(execute("select count(*) from cli_rows")["records"], [[{"longValue": 1}]])


@cases.case("batch", "batch-execute-statement")
def batch() -> None:
    sets = [[{"name": "a", "value": {"longValue": number}}] for number in range(10, 60)]
    done = aws(
        "rds-data",
        "batch-execute-statement",
        *DATA,
        "--sql",
        "insert into cli_rows values (:a)",
        "--parameter-sets",
        json.dumps(sets),
    )
    same(len(done["updateResults"]), 50)


@cases.case("big results", "over 1 MiB")
def big() -> None:
    with refused("UnsupportedResultException"):
        execute("select repeat('x', 10000) from generate_series(1, 200)")


@cases.case("errors", "a database error")
def error() -> None:
    with refused("42P01"):
        execute("select * from nope")


cases.add("other", "sts get-caller-identity", lambda: same(len(aws("sts", "get-caller-identity")["Account"]), 12))
cases.add(
    "other",
    "rds describe-db-clusters",
    lambda: same(aws("rds", "describe-db-clusters")["DBClusters"][0]["Engine"], "aurora-postgresql"),
)
cases.add(
    "other",
    "secretsmanager get-secret-value",
    lambda: aws("secretsmanager", "get-secret-value", "--secret-id", CLUSTER["secretArn"]),
)
cases.add("other", "dsql list-clusters", lambda: same(len(aws("dsql", "list-clusters")["clusters"]), 1))
cases.add(
    "other",
    "rds generate-db-auth-token",
    lambda: same(
        "Action=connect"
        in aws("rds", "generate-db-auth-token", "--hostname", "127.0.0.1", "--port", "5432", "--username", "x")["text"],
        True,
    ),
)


@cases.case("other", "ssm parameters")
def ssm() -> None:
    aws("ssm", "put-parameter", "--name", "/cli/a", "--value", "1", "--type", "SecureString")
    same(aws("ssm", "get-parameter", "--name", "/cli/a", "--with-decryption")["Parameter"]["Value"], "1")


@cases.case("stacks", "create-stack, wait, describe, delete")
def stack() -> None:
    body = written("one.json", bucket("cli-one"))
    aws("cloudformation", "create-stack", "--stack-name", "cli-one", "--template-body", body)
    aws("cloudformation", "wait", "stack-create-complete", "--stack-name", "cli-one")
    same(
        aws("cloudformation", "describe-stacks", "--stack-name", "cli-one")["Stacks"][0]["Outputs"][0]["OutputValue"],
        "cli-one",
    )
    aws("cloudformation", "delete-stack", "--stack-name", "cli-one")
    aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "cli-one")


@cases.case("stacks", "deploy, and deploy again without changes")
def deploy() -> None:
    path = str(HERE / "two.json")
    written("two.json", bucket("cli-two"))
    aws("cloudformation", "deploy", "--stack-name", "cli-two", "--template-file", path)
    time.sleep(1.1)  # the name of its change set is the time in seconds
    aws("cloudformation", "deploy", "--stack-name", "cli-two", "--template-file", path, "--no-fail-on-empty-changeset")
    time.sleep(1.1)
    with refused("No changes to deploy"):
        aws("cloudformation", "deploy", "--stack-name", "cli-two", "--template-file", path, "--fail-on-empty-changeset")


@cases.case("stacks", "change sets")
def change_set() -> None:
    body = bucket("cli-two")
    body["Resources"]["B"]["Properties"]["Tags"] = [{"Key": "a", "Value": "b"}]
    names = ["--stack-name", "cli-two", "--change-set-name", "tags"]
    aws("cloudformation", "create-change-set", *names, "--template-body", written("three.json", body))
    aws("cloudformation", "wait", "change-set-create-complete", *names)
    same(aws("cloudformation", "describe-change-set", *names)["Changes"][0]["ResourceChange"]["Action"], "Modify")
    aws("cloudformation", "execute-change-set", *names)
    aws("cloudformation", "wait", "stack-update-complete", "--stack-name", "cli-two")


@cases.case("stacks", "a stack that fails names its reason")
def failing() -> None:
    body = {
        "Resources": {
            "C": {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": "aurora-postgresql", "EngineVersion": "9.1"}}
        }
    }
    with refused("ValidationError"):
        aws("cloudformation", "update-stack", "--stack-name", "none", "--template-body", written("four.json", body))


cases.add(
    "stacks",
    "validate-template",
    lambda: aws("cloudformation", "validate-template", "--template-body", f"file://{template('dsql')}"),
)
cases.add(
    "stacks", "describe-stack-events", lambda: aws("cloudformation", "describe-stack-events", "--stack-name", "cli-two")
)
cases.add("stacks", "list-exports", lambda: aws("cloudformation", "list-exports"))


@cases.case("other", "s3 cp and ls")
def s3() -> None:
    (HERE / "a.txt").write_text("a")
    run("aws", "s3", "cp", str(HERE / "a.txt"), "s3://cli-two/a.txt", folder=HERE)
    assert "a.txt" in run("aws", "s3", "ls", "s3://cli-two", folder=HERE)
    run("aws", "s3", "rm", "s3://cli-two/a.txt", folder=HERE)
    aws("cloudformation", "delete-stack", "--stack-name", "cli-two")


cases.run()
