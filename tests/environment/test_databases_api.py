"""A stack of databases-api in a params file: what its function cannot do is found offline, with line and key."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.environment import load
from aurora_cfn.environment.databases_api import ALLOWED, is_api
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.template.summary import TemplateSummary, summary_of
from tests.blueprints.known import KNOWN

TEXT = """\
region: eu-west-1
stacks:
  api: {template: databases-api}
  database: {template: aurora-serverless-postgres}
fleet:
  name: clientdb
  regions: [eu-west-1]
  template: aurora-serverless-postgres
  defaults:
    MaxCapacity: 4
"""
OWN = "template: aurora-serverless-postgres\n  defaults:\n    MaxCapacity: 4"
POOL = "pool: {stack: database}"
ACCOUNTS = f'{OWN}\n  accounts: {{clients: {{acme: {{account: "111111111111"}}}}}}'


def complaints(text: str, **own: TemplateSummary) -> tuple[Complaint, ...]:
    try:
        load(text, "params/prod.yaml", "prod", {**KNOWN, **own})
    except InputError as error:
        return error.complaints
    return ()


def template(kind: str = "AWS::RDS::DBCluster", **attributes: Any) -> TemplateSummary:
    return summary_of("own", {"Resources": {"Data": {"Type": kind, "Properties": {}, **attributes}}})


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("", "", 0, "", ""),
        (TEXT[TEXT.index("fleet:") :], "", 3, "stacks.api", "needs the section `fleet`"),
        (OWN, POOL, 3, "stacks.api", "this fleet has a pool or accounts"),
        (OWN, ACCOUNTS, 3, "stacks.api", "this fleet has a pool or accounts"),
        ("MaxCapacity: 4", "MaxCapacity: {ssm: /a}", 10, "fleet.defaults.MaxCapacity", "{ssm:} and {env:} are not"),
        ("MaxCapacity: 4", "MaxCapacity: {env: A}", 10, "fleet.defaults.MaxCapacity", "{ssm:} and {env:} are not"),
        (OWN, "template: dsql-api", 3, "stacks.api", "need uploaded files"),
        (OWN, "template: dsql", 3, "stacks.api", "does not allow AWS::DSQL::Cluster"),
    ],
)
def test_what_the_function_cannot_do_has_its_line_and_key(old: str, new: str, line: int, key: str, words: str) -> None:
    found = complaints(TEXT.replace(old, new))
    assert bool(found) is bool(words)
    if words:
        assert (found[0].line, found[0].key) == (line, key), found
        assert words in str(found[0])


LOOPED = summary_of(
    "own",
    {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"Fn::ForEach::Data": ["Name", ["A"], {"Data${Name}": {"Type": "AWS::RDS::DBCluster"}}]},
    },
)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (template(), "Data of the template own would be deleted with its data"),
        (template("AWS::RDS::DBInstance", DeletionPolicy="Delete"), "would be deleted with its data"),
        (template("AWS::RDS::DBInstance", Properties={"DBClusterIdentifier": "c"}), ""),
        (template(DeletionPolicy="Snapshot"), ""),
        (template(DeletionPolicy={"Fn::Join": ["", ["Snap", "shot"]]}), ""),
        (
            template("AWS::RDS::DBInstance", Properties={"DBClusterIdentifier": {"Ref": "AWS::NoValue"}}),
            "with its data",
        ),
        (LOOPED, "DataA of the template own would be deleted"),
    ],
)
def test_clients_keep_their_data(own: TemplateSummary, words: str) -> None:
    found = complaints(TEXT.replace(OWN, "template: own"), own=own)
    assert (words in str(found), bool(found)) == (True, bool(words))


def test_a_role_of_ones_own_may_allow_other_types() -> None:
    role = "api: {template: databases-api, parameters: {ClientRoleArn: arn:aws:iam::123456789012:role/x}}"
    text = TEXT.replace("api: {template: databases-api}", role)
    assert complaints(text.replace(OWN, "template: dsql")) == ()


def test_one_template_is_an_api() -> None:
    assert [name for name, row in KNOWN.items() if is_api(row)] == ["databases-api"]


@pytest.mark.parametrize("name", ["aurora-serverless-postgres", "aurora-serverless-mysql"])
def test_the_role_of_the_template_allows_what_these_templates_make(name: str) -> None:
    rows: Any = KNOWN[name].template["Resources"]
    assert all(row["Type"].startswith(ALLOWED) for row in rows.values() if "Condition" not in row)
