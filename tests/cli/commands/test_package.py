"""`package` and what `deploy` does of it, as whole commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aurora_cfn.errors import DeclinedError
from aurora_cfn.packaging import copied_handlers
from aurora_cfn.project.files import write_bytes
from tests.cli.large import apply
from tests.cli.project import Project
from tests.scripted.s3 import SETTINGS

MADE = "aurora-cfn-123456789012-eu-west-1"
PARAMS = """\
region: eu-west-1
account: "123456789012"
bucket: code-of-dev
stacks:
  games:
    template: dsql-api
    parameters:
      ClusterEndpoint: x.dsql.eu-west-1.on.aws
      ClusterArn: arn:aws:dsql:eu-west-1:123456789012:cluster/abcdefghijklmnopqrstuvwxyz
"""


def test_without_an_environment_it_lists_what_would_be_built(dev: Project) -> None:
    done = dev.run("package")
    assert (done.exit_code, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["http-api", "dsql-api", "databases-api"]
    assert all(row[1] == f"aurora-cfn/{row[0]}/{row[1].rpartition('/')[2]}" for row in rows)


def test_zips_are_written_and_the_same_again(dev: Project) -> None:
    assert dev.run("package", "--out", "one").exit_code == 0
    assert dev.run("package", "--out", "other").exit_code == 0
    for name in ("http-api.zip", "dsql-api.zip", "databases-api.zip"):
        assert Path("one", name).read_bytes() == Path("other", name).read_bytes()


def test_it_uploads_what_the_bucket_lacks_and_prints_the_parameters(dev: Project) -> None:
    dev.write(PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    first = dev.run("package", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert first.exit_code == 0
    assert re.match(
        r"games: uploaded 1\.\d MB of code to s3://code-of-dev/aurora-cfn/dsql-api/\w{32}\.zip\n", first.stderr
    )
    ((key, data),) = dev.endpoint.s3.buckets["code-of-dev"].items()
    assert first.stdout == f"games:\n  CodeBucket: code-of-dev\n  CodeKey: {key}\n"
    assert data.startswith(b"PK")
    again = dev.run("package", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (again.stdout, "is there already" in again.stderr) == (first.stdout, True)
    assert dev.endpoint.actions.count("PutObject") == 1


def test_handlers_of_a_folder_are_packaged_and_a_change_gives_a_new_key(dev: Project) -> None:
    shipped = dev.run("package").stdout
    dev.write(PARAMS.replace("template: dsql-api", "template: dsql-api\n    handlers: src/handlers"))
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    command = ("package", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (dev.run(*command).exit_code, "src/handlers does not exist" in dev.run(*command).stderr) == (3, True)
    files = copied_handlers(("games", "games_migration"))
    for name, data in files.items():
        write_bytes(Path("src/handlers", name), data)
    same = dev.run(*command)
    assert (same.exit_code, same.stdout.split()[-1] in shipped) == (0, True), same.stderr
    path = Path("src/handlers/games.py")
    write_bytes(path, files["games.py"] + b"\n# changed\n")
    changed = dev.run(*command)
    assert (changed.exit_code, changed.stdout != same.stdout) == (0, True)
    write_bytes(path, b"def handler(:\n")
    broken = dev.run(*command)
    assert (broken.exit_code, "src/handlers/games.py:1: invalid Python" in broken.stderr) == (3, True), broken.stderr


def test_a_missing_bucket_is_shown_before_anything_is_called(dev: Project) -> None:
    dev.write(PARAMS.replace("bucket: code-of-dev\n", "").replace('account: "123456789012"\n', ""))
    for verb in (["package"], ["deploy", "--yes"]):
        done = dev.run(*verb, "--env", "dev", "--endpoint-url", dev.endpoint.url)
        assert (done.exit_code, done.stdout) == (3, "")
        assert "params/dev.yaml:3: stacks.games: the functions of dsql-api need a bucket" in done.stderr
    assert dev.endpoint.actions == []


def test_a_bucket_that_does_not_exist_is_named(dev: Project) -> None:
    dev.write(PARAMS)
    done = dev.run("package", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "params/dev.yaml: bucket: there is no bucket code-of-dev" in done.stderr


@pytest.mark.parametrize("verb", ["package", "deploy"])
def test_without_bucket_one_is_made_after_consent_for_code_too(dev: Project, verb: str) -> None:
    dev.write(PARAMS.replace("bucket: code-of-dev\n", ""))
    options = ("--no-preflight", "--no-proof") if verb == "deploy" else ()
    done = dev.run(verb, "--env", "dev", "--yes", *options, "--endpoint-url", dev.endpoint.url)
    assert done.exit_code == 0, done.stderr
    assert f"made the bucket {MADE}: no public access" in done.stderr
    ((key, _),) = dev.endpoint.s3.buckets[MADE].items()
    assert key.startswith("aurora-cfn/dsql-api/")
    assert set(dev.endpoint.s3.settings[MADE]) == set(SETTINGS)
    actions = dev.endpoint.actions
    assert actions.index("PutBucketTagging") < actions.index("PutObject")


@pytest.mark.parametrize("agreed", [True, False])
def test_a_plan_makes_no_bucket_for_code_and_its_execution_asks(dev: Project, agreed: bool) -> None:
    dev.write(PARAMS.replace("bucket: code-of-dev\n", ""))
    assert dev.deploy("--plan", "plan.json").exit_code == 0
    assert dev.endpoint.s3.buckets == {}
    done = apply(dev.endpoint.url, text="y\ny\n" if agreed else "n\n")
    assert f"Make the bucket {MADE}? [y/N]:" in done.stderr
    assert (MADE in dev.endpoint.s3.buckets, "ExecuteChangeSet" in dev.endpoint.actions) == (agreed, agreed)
    assert isinstance(done.exception, DeclinedError) is not agreed


def test_without_consent_there_is_no_bucket_and_no_code(dev: Project) -> None:
    dev.write(PARAMS.replace("bucket: code-of-dev\n", ""))
    done = dev.run("package", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "the code of games goes through a bucket, and there is no protected" in done.stderr
    assert "--yes agrees" in done.stderr
    assert (dev.endpoint.s3.buckets, dev.endpoint.actions) == ({}, ["HeadBucket"])


def test_deploy_uploads_the_code_and_fills_in_the_parameters(dev: Project) -> None:
    dev.write(PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    done = dev.deploy("--yes")
    assert done.exit_code == 0, done.stderr
    (key,) = dev.endpoint.s3.buckets["code-of-dev"]
    stack = dev.endpoint.cfn.stack("games-dev")
    assert stack is not None
    assert (stack.parameters["CodeBucket"], stack.parameters["CodeKey"]) == ("code-of-dev", key)
    assert dev.endpoint.actions.index("PutObject") < dev.endpoint.actions.index("CreateChangeSet")


def test_code_that_is_deployed_is_no_difference(dev: Project) -> None:
    dev.write(PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    assert dev.deploy("--yes").exit_code == 0
    done = dev.run("diff", "--env", "dev", "--endpoint-url", dev.endpoint.url, "--exit-code")
    assert (done.exit_code, "CodeKey" in done.stdout) == (0, False), done.stdout + done.stderr


def test_without_a_bucket_a_difference_is_shown_with_what_is_missing(dev: Project) -> None:
    dev.write(PARAMS.replace("bucket: code-of-dev\n", "").replace('account: "123456789012"\n', ""))
    done = dev.run("diff", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert done.exit_code == 0
    assert "need a bucket for their code" in done.stdout + done.stderr


def test_a_dry_run_uploads_nothing(dev: Project) -> None:
    dev.write(PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    assert dev.deploy("--dry-run").exit_code == 0
    assert dev.endpoint.s3.buckets["code-of-dev"] == {}


def test_options_that_exclude_each_other(dev: Project) -> None:
    assert dev.run("package", "--env", "dev", "--out", "x").exit_code == 2
    assert dev.run("package", "--stack", "games").exit_code == 2


OWN = """\
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}}
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Code: ../src
      Role: !GetAtt Role.Arn
      Handler: a.read
      Runtime: python3.13
  Parts:
    Type: AWS::CloudFormation::Stack
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      TemplateURL: parts/topic.yaml
"""
OWN_PARAMS = """\
region: eu-west-1
account: "123456789012"
bucket: code-of-dev
stacks:
  own: {template: own}
"""


@pytest.fixture
def own(dev: Project) -> Project:
    """A project with a template of its own that names local files."""
    dev.write(OWN_PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    for name, text in {
        "templates/own.yaml": OWN,
        "templates/parts/topic.yaml": "Resources: {Topic: {Type: AWS::SNS::Topic}}\n",
        "src/a.py": "def read(event, context): return 1\n",
    }.items():
        (dev.folder / name).parent.mkdir(exist_ok=True)
        (dev.folder / name).write_text(text)
    return dev


def test_local_files_of_a_template_are_uploaded_before_its_change_set(own: Project) -> None:
    assert own.deploy("--yes").exit_code == 0
    keys = list(own.endpoint.s3.buckets["code-of-dev"])
    (code,) = (key for key in keys if key.endswith(".zip"))
    (nested,) = (key for key in keys if key.endswith(".yaml"))
    sent = own.endpoint.cfn.template("own-dev")
    assert sent == OWN.replace("../src", f'{{"S3Bucket": "code-of-dev", "S3Key": "{code}"}}').replace(
        "parts/topic.yaml", f'"{own.endpoint.url}/code-of-dev/{nested}"'
    )
    actions = own.endpoint.actions
    assert max(at for at, name in enumerate(actions) if name == "PutObject") < actions.index("CreateChangeSet")


def test_only_nested_templates_are_uploaded_for_a_dry_run(own: Project) -> None:
    assert own.deploy("--dry-run").exit_code == 0
    assert [key[-5:] for key in own.endpoint.s3.buckets["code-of-dev"]] == [".yaml"]


def test_the_address_of_a_packaged_template_is_printed(own: Project) -> None:
    done = own.run("package", "--env", "dev", "--endpoint-url", own.endpoint.url)
    assert done.exit_code == 0, done.stderr
    assert re.fullmatch(rf"own:\n  TemplateURL: {own.endpoint.url}/code-of-dev/aurora-cfn/own/\w+\.yaml\n", done.stdout)
    assert len(own.endpoint.s3.buckets["code-of-dev"]) == 3


def test_local_files_are_listed_and_written_without_an_environment(own: Project) -> None:
    done = own.run("package", "--out", "build")
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "http-api",
        "dsql-api",
        "databases-api",
        "own",
        "own",
    ]
    assert sorted(path.suffix for path in Path("build/own").iterdir()) == [".yaml", ".zip"]


def test_files_that_are_deployed_are_no_difference(own: Project) -> None:
    assert own.deploy("--yes").exit_code == 0
    done = own.run("diff", "--env", "dev", "--endpoint-url", own.endpoint.url, "--exit-code")
    assert done.exit_code == 0, done.stdout + done.stderr


def test_a_live_difference_uploads_what_cloudformation_reads_for_the_change_set(own: Project) -> None:
    assert own.deploy("--yes").exit_code == 0
    own.endpoint.s3.buckets["code-of-dev"].clear()
    (own.folder / "templates/parts/topic.yaml").write_text("Resources: {Other: {Type: AWS::SNS::Topic}}\n")
    (own.folder / "src/a.py").write_text("def read(event, context): return 2\n")
    done = own.run("diff", "--env", "dev", "--live", "--endpoint-url", own.endpoint.url)
    assert "own-dev" in done.stdout, done.stderr
    assert [key[-5:] for key in own.endpoint.s3.buckets["code-of-dev"]] == [".yaml"]
    actions = own.endpoint.actions
    assert actions[::-1].index("PutObject") > actions[::-1].index("CreateChangeSet")


def test_a_local_path_that_does_not_exist_is_refused_with_its_line(own: Project) -> None:
    (own.folder / "templates/own.yaml").write_text(OWN.replace("../src", "../gone"))
    for verb in (["package"], ["deploy", "--yes"]):
        done = own.run(*verb, "--env", "dev", "--endpoint-url", own.endpoint.url)
        assert (done.exit_code, done.stdout) == (3, "")
        assert "templates/own.yaml:6: Resources.Reader.Properties.Code: gone does not exist" in done.stderr
    assert own.endpoint.actions == []
