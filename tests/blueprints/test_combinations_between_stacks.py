"""Combinations with the stacks that a proxy and an HTTP API refer to, as params files give them."""

from __future__ import annotations

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from tests.blueprints.known import KNOWN

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf"
PROXY = """\
region: eu-west-1
stacks:
  db:
    template: {template}
    parameters: {{AutoPause: false, MinCapacity: 1, {master}}}
  proxy:
    template: rds-proxy
    parameters:
      EngineFamily: {family}
      TargetName: {{output: db.ClusterName}}
      SecretArn: {{output: db.SecretArn}}
      DatabaseClientSecurityGroupId: {{output: db.ClientSecurityGroupId}}
      VpcId: vpc-0123456789abcdef0
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
"""
API = """\
  api:
    template: http-api
    parameters:
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
      SecurityGroupIds: sg-0123456789abcdef0
      ProxyEndpoint: {{output: {endpoint}}}
      ProxyResourceId: prx-0123456789abcdef0
"""
POSTGRES, MYSQL = "aurora-serverless-postgres", "aurora-serverless-mysql"


def said(template: str, family: str, master: str = "", endpoint: str = "") -> str:
    text = PROXY.format(template=template, family=family, master=master)
    text += API.format(endpoint=endpoint) if endpoint else ""
    try:
        load(text, "params/dev.yaml", "dev", KNOWN)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("template", "family", "master", "endpoint", "part"),
    [
        (POSTGRES, "POSTGRESQL", "DBMaster: boss", "", "DBMaster boss, the name of a secret"),
        (
            MYSQL,
            "MYSQL",
            "",
            "proxy.DNSName",
            "leads to MySQL (EngineFamily MYSQL), and the functions speak PostgreSQL",
        ),
        (MYSQL, "MYSQL", "", "db.DNSName", "leads to MySQL (EngineVersion 8."),
    ],
)
def test_a_proxy_or_an_api_that_could_not_work_is_refused(
    template: str, family: str, master: str, endpoint: str, part: str
) -> None:
    assert part in said(template, family, master, endpoint)


@pytest.mark.parametrize("endpoint", ["", "proxy.DNSName", "db.DNSName"])
@pytest.mark.parametrize("master", ["", f'DBMaster: "{ARN}"'])
def test_one_that_works_is_taken(master: str, endpoint: str) -> None:
    assert said(POSTGRES, "POSTGRESQL", master, endpoint) == ""
