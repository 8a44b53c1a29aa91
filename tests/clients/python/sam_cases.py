from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cases import Cases, refused
from tools import run

cases = Cases()
HERE = Path(tempfile.mkdtemp())
(HERE / "code").mkdir()
(HERE / "code" / "app.py").write_text("def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n")
(HERE / "code" / "requirements.txt").write_text("")
(HERE / "template.yaml").write_text("""\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.11, Timeout: 10}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: app.handler
      Policies: [AWSLambdaBasicExecutionRole]
      Events:
        Get: {Type: HttpApi, Properties: {Path: /hello, Method: get}}
  Names:
    Type: AWS::Serverless::SimpleTable
Outputs:
  Function: {Value: !Ref Hello}
""")
STACK = ["--stack-name", "sam-app", "--region", os.environ["AWS_REGION"]]


def sam(*words: str) -> str:
    return run("sam", *words, folder=HERE)


cases.add("stacks", "validate", lambda: sam("validate", "--region", os.environ["AWS_REGION"]))
cases.add("stacks", "validate with its linter", lambda: sam("validate", "--lint", "--region", os.environ["AWS_REGION"]))
cases.add("stacks", "build", lambda: sam("build"))
DEPLOY = [
    "deploy",
    *STACK,
    "--capabilities",
    "CAPABILITY_IAM",
    "--resolve-s3",
    "--no-confirm-changeset",
    "--no-progressbar",
]
cases.add("stacks", "deploy", lambda: sam(*DEPLOY))
cases.add("stacks", "deploy again without changes", lambda: sam(*DEPLOY, "--no-fail-on-empty-changeset"))


@cases.case("stacks", "the function answers")
def invoke() -> None:
    assert "hello" in sam("remote", "invoke", "Hello", "--stack-name", "sam-app", "--region", os.environ["AWS_REGION"])


cases.add("stacks", "list stack-outputs", lambda: sam("list", "stack-outputs", *STACK, "--output", "json"))
cases.add("stacks", "list resources", lambda: sam("list", "resources", *STACK, "--output", "json"))
cases.add("stacks", "logs", lambda: sam("logs", *STACK))
cases.add("stacks", "delete", lambda: sam("delete", *STACK, "--no-prompts"))


@cases.case("errors", "a stack that is not there")
def missing() -> None:
    with refused("sam-app"):
        sam("list", "stack-outputs", *STACK)


cases.run()
