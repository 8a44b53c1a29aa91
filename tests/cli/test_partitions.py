"""Regions of China and the US government, and names of regions that are none, in whole commands."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aurora_cfn
from aurora_cfn.aws.session import Connection, Session
from tests.cli.project import PARAMS, Project

CHINA, GOVERNMENT = "cn-north-1", "us-gov-west-1"


def in_region(region: str, params: str = PARAMS) -> str:
    return params.replace("eu-west-1", region)


@pytest.mark.parametrize(
    ("region", "service", "host"),
    [
        (CHINA, "cloudformation", "cloudformation.cn-north-1.amazonaws.com.cn"),
        (CHINA, "sts", "sts.cn-north-1.amazonaws.com.cn"),
        (CHINA, "s3", "s3.cn-north-1.amazonaws.com.cn"),
        (GOVERNMENT, "cloudformation", "cloudformation.us-gov-west-1.amazonaws.com"),
        (GOVERNMENT, "rds", "rds.us-gov-west-1.amazonaws.com"),
    ],
)
def test_the_endpoints_are_those_of_the_partition(region: str, service: str, host: str) -> None:
    client = Session(Connection(region, keys=("test", "test"))).client(service)
    assert client.meta.endpoint_url == f"https://{host}"


@pytest.mark.parametrize(("region", "name"), [(CHINA, "aws-cn"), (GOVERNMENT, "aws-us-gov")])
class TestPermissions:
    def test_arns_are_of_the_partition(self, dev: Project, region: str, name: str) -> None:
        dev.write(in_region(region))
        result = dev.run("permissions", "deploy", "--env", "dev")
        assert result.exit_code == 0, result.stderr
        assert arns(result.stdout) == {name}
        assert f"arn:{name}:cloudformation:{region}:123456789012:stack/db-dev/*" in result.stdout

    def test_the_option_goes_before_the_file_and_counts_without_one_too(
        self, dev: Project, region: str, name: str
    ) -> None:
        for chosen in (("--env", "dev"), ()):
            result = dev.run("permissions", "deploy", *chosen, "--region", region)
            assert result.exit_code == 0, result.stderr
            assert arns(result.stdout) == {name}


def arns(policy: str) -> set[str]:
    """Partitions of all ARNs in the policy."""
    rows: list[Any] = [row["Resource"] for row in json.loads(policy)["Statement"]]
    flat = [arn for row in rows for arn in (row if isinstance(row, list) else [row])]
    return {arn.split(":")[1] for arn in flat if arn.startswith("arn:")}


def test_a_whole_deployment_in_china(dev: Project) -> None:
    dev.write(in_region(CHINA).replace("      MaxCapacity: 8\n", "      MaxCapacity: 8\n      EnableDataApi: false\n"))
    dev.endpoint.partition = "aws-cn"
    result = dev.deploy("--yes")
    assert result.exit_code == 0, result.stderr
    assert f"dev: {CHINA}, as arn:aws-cn:iam::123456789012:user/me" in result.stderr
    assert dev.endpoint.tokens.regions == {CHINA}


def test_doctor_says_what_the_region_lacks_and_whose_credentials_do_not_belong_there(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "role_arn: arn:aws:iam::123456789012:role/cfn\nstacks:", 1))
    result = dev.run("doctor", "--env", "dev", "--region", CHINA, "--endpoint-url", dev.endpoint.url)
    assert result.exit_code == 1
    said = result.stdout
    assert "cn-north-1 is in the partition aws-cn, but these credentials are of aws" in said
    assert "arn:aws:iam::123456789012:role/cfn is in the partition aws, but cn-north-1 is in aws-cn" in said
    assert "cn-north-1 has no Data API" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "role_arn: arn:aws:iam::123456789012:role/cfn",
            "role_arn: arn:aws:iam::123456789012:role/cfn is in the partition aws, but cn-north-1 is in aws-cn",
        ),
        (
            "notification_arns: [arn:aws-us-gov:sns:us-gov-west-1:123456789012:x]",
            "notification_arns.0: arn:aws-us-gov:sns:us-gov-west-1:123456789012:x is in the partition aws-us-gov, but "
            "cn-north-1 is in aws-cn",
        ),
        (
            "role_arn: arn:aws-cn:iam::999999999999:role/cfn",
            "role_arn: arn:aws-cn:iam::999999999999:role/cfn is not of the account 123456789012, and CloudFormation "
            "takes no other role",
        ),
        (
            "permissions_boundary: arn:aws-cn:iam::999999999999:policy/b",
            "permissions_boundary: arn:aws-cn:iam::999999999999:policy/b is not of the account 123456789012, and IAM "
            "takes no other policy",
        ),
    ],
)
def test_arns_of_elsewhere_are_seen_in_the_file(dev: Project, line: str, says: str) -> None:
    dev.write(in_region(CHINA).replace("stacks:", f"{line}\nstacks:", 1))
    result = dev.run("status", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"error: params/dev.yaml:3: {says}\n"
    assert dev.endpoint.actions == []


def test_prices_that_aws_lists_apart_are_not_asked_for(dev: Project) -> None:
    dev.write(in_region(CHINA))
    result = dev.run("cost", "--env", "dev")
    assert "no prices are known for cn-north-1: give your own (--price), or compare with" in result.stderr
    assert "dev in cn-north-1: USD 0.00 a month of 730 hours, and what is unknown" in result.stdout
    asked = dev.run("cost", "--env", "dev", "--refresh")
    assert asked.exit_code == 3
    assert asked.stderr == (
        "error: the Price List API has no prices of cn-north-1, another partition: give your own (--price)\n"
    )
    assert dev.endpoint.actions == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("eu-wst-1", "'eu-wst-1' is not the name of a region (did you mean eu-west-1?)"),
        ("eu-west-1a", "'eu-west-1a' does not fit: a region such as eu-west-1 (did you mean eu-west-1?)"),
        ("Ireland", "'Ireland' does not fit: a region such as eu-west-1"),
    ],
)
def test_a_misspelled_region_is_refused_before_anything_is_sent(dev: Project, name: str, hint: str) -> None:
    option = dev.deploy("--yes", "--region", name)
    assert (option.exit_code, option.stdout, option.stderr) == (3, "", f"error: --region: {hint}\n")
    dev.write(in_region(name))
    file = dev.deploy("--yes")
    assert (file.exit_code, file.stdout, file.stderr) == (3, "", f"error: params/dev.yaml:1: region: {hint}\n")
    assert dev.endpoint.actions == []


def test_a_region_that_is_not_known_is_doubted_and_used(dev: Project) -> None:
    doubt = "no region eu-west-7 is known here, so it is taken as written; did you mean eu-west-3?"
    result = dev.run("status", "--env", "dev", "--region", "eu-west-7", "--endpoint-url", dev.endpoint.url)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0] == f"--region: {doubt}"
    dev.write(in_region("eu-west-7"))
    result = dev.run("status", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0] == f"params/dev.yaml:1: region: {doubt}"
    assert dev.endpoint.tokens.regions == {"eu-west-7"}


ONE_PARTITION = re.compile(r"arn:aws:|https?://[^ ]*amazonaws\.com|[}.]amazonaws\.com/|console\.aws\.amazon\.com/")
"""Texts that are right in one partition only: ARNs, addresses, pages of the console; principals are the same in all."""
ROOT = Path(aurora_cfn.__file__).parent


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text in the code that is no docstring; of a text with values in it each part."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("text", ["arn:aws:iam::x", "https://a.amazonaws.com", "${AWS::Region}.amazonaws.com/x"])
def test_texts_of_one_partition_are_found(text: str) -> None:
    assert ONE_PARTITION.search(text)
    assert not ONE_PARTITION.search("lambda.amazonaws.com")


def test_the_code_names_no_partition() -> None:
    """Facts name them, as data; the emulator speaks for the one that it plays."""
    paths = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in {"facts", "local"}]
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in paths
        for text in texts(ast.parse(path.read_text()))
        if ONE_PARTITION.search(text)
    }
    assert found == set()
