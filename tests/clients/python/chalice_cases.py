from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import boto3
from cases import Cases, refused, same
from tools import run

cases = Cases()
HERE = Path(mkdtemp(prefix="chalice-")) / "hello"
APP = """\
from chalice import Chalice, Rate
app = Chalice(app_name="hello")

@app.route("/{word}/{{name}}")
def hello(name):
    print("said {word}")
    return {{"{word}": name}}

@app.schedule(Rate(1, unit=Rate.DAYS))
def tick(event):
    pass

@app.lambda_function()
def plain(event, context):
    return event
"""
(HERE / ".chalice").mkdir(parents=True)
(HERE / "requirements.txt").write_text("")
config = {"version": "2.0", "app_name": "hello", "stages": {"dev": {"api_gateway_stage": "api"}}}
(HERE / ".chalice" / "config.json").write_text(json.dumps(config))
(HERE / "app.py").write_text(APP.format(word="hello"))


def chalice(*words: str) -> str:
    return run("chalice", *words, folder=HERE)


def deployed() -> dict[str, Any]:
    rows = json.loads((HERE / ".chalice" / "deployed" / "dev.json").read_text())["resources"]
    return {row["name"]: row for row in rows}


def answer(path: str) -> Any:
    api = deployed()["rest_api"]["rest_api_id"]
    base = boto3.client("apigateway").meta.endpoint_url
    with urllib.request.urlopen(f"{base}/restapis/{api}/api/_user_request_{path}") as found:
        return json.load(found)


@cases.case("functions", "deploy: a REST API, a schedule and a function")
def deploy() -> None:
    chalice("deploy")
    same(answer("/hello/Mars"), {"hello": "Mars"})


@cases.case("functions", "deploy a change")
def change() -> None:
    (HERE / "app.py").write_text(APP.format(word="goodbye"))
    chalice("deploy")
    same(answer("/goodbye/Mars"), {"goodbye": "Mars"})


@cases.case("functions", "invoke and logs")
def invoke() -> None:
    boto3.client("lambda").invoke(FunctionName="hello-dev-plain", Payload=b'{"a": 1}')
    same("said goodbye" in chalice("logs", "--since", "10m"), True)


@cases.case("functions", "delete")
def delete() -> None:
    name = deployed()["api_handler"]["lambda_arn"]
    chalice("delete")
    with refused("ResourceNotFoundException"):
        boto3.client("lambda").get_function(FunctionName=name)


@cases.case("stacks", "package, and a stack of what it writes")
def package() -> None:
    out = HERE.parent / "out"
    chalice("package", str(out))
    bucket = "chalice-cases"
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    s3.upload_file(str(out / "deployment.zip"), bucket, "deployment.zip")
    template = json.loads((out / "sam.json").read_text())
    for row in template["Resources"].values():
        if row["Type"] == "AWS::Serverless::Function":
            row["Properties"]["CodeUri"] = f"s3://{bucket}/deployment.zip"
    cloudformation = boto3.client("cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    cloudformation.create_stack(StackName="chalice-cases", TemplateBody=json.dumps(template), Capabilities=capabilities)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="chalice-cases", WaiterConfig={"Delay": 1})
    outputs = cloudformation.describe_stacks(StackName="chalice-cases")["Stacks"][0]["Outputs"]
    url = next(row["OutputValue"] for row in outputs if row["OutputKey"] == "EndpointURL")
    with urllib.request.urlopen(f"{url}goodbye/Io") as found:
        same(json.load(found), {"goodbye": "Io"})
    cloudformation.delete_stack(StackName="chalice-cases")


cases.run()
