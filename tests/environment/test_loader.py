"""Params text to Environment, and every complaint at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import AllowedReplacement, EnvRef, OutputRef, SsmRef, StackRef
from tests.blueprints.known import KNOWN
from tests.environment.toys import GOOD, PATH, complaints, database, loaded


def one(text: str) -> Complaint:
    found = complaints(text)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_a_good_file_gives_stacks_in_its_order_with_names_and_lines() -> None:
    environment = loaded(GOOD)
    assert [(stack.key, stack.name, stack.template) for stack in environment.stacks] == [
        ("network", "network-dev", "network"),
        ("db", "db-dev", "database"),
    ]
    database = environment.stacks[1]
    assert database.parameters == {
        "EnvironmentName": "dev",
        "Name": "temporal",
        "NetworkStackName": StackRef("network"),
    }
    assert (database.line, database.lines) == (5, {"Name": 8, "NetworkStackName": 9})
    assert (environment.region, environment.endpoint, environment.protect, environment.path) == (
        "eu-west-1",
        "aws",
        False,
        PATH,
    )


def test_every_other_key_is_taken_over() -> None:
    text = """\
region: eu-west-1
account: "012345678901"
endpoint: local
profile: work
role_arn: arn:aws:iam::012345678901:role/deploy
bucket: my-bucket
notification_arns: [arn:aws:sns:eu-west-1:123456789012:deployments]
express: true
tags: {Project: temporal, Stage: dev}
stacks:
  db:
    template: database
    name: my-database
    protect: true
    tags: {Stage: other}
    parameters: {Name: x}
    allow_replace:
      - resource: Cluster
        until: 2026-12-31
        reason: new subnets
    stack_policy:
      Statement:
        - {Effect: Deny, Action: "Update:Replace", Principal: "*", Resource: LogicalResourceId/Cluster}
"""
    environment = loaded(text)
    assert (environment.account, environment.endpoint, environment.profile) == ("012345678901", "local", "work")
    assert (environment.role_arn, environment.bucket) == ("arn:aws:iam::012345678901:role/deploy", "my-bucket")
    assert environment.notification_arns == ("arn:aws:sns:eu-west-1:123456789012:deployments",)
    assert environment.express
    (stack,) = environment.stacks
    assert (stack.name, stack.protect, stack.tags) == ("my-database", True, {"Project": "temporal", "Stage": "other"})
    assert stack.allow_replace == (AllowedReplacement("Cluster", "2026-12-31", "new subnets", 18),)
    assert stack.stack_policy is not None


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("High: 4", "4"), ("High: 4.0", "4"), ("High: 4.5", "4.5"), ("High: 1e2", "100"),
        ("Pause: true", "true"), ("Pause: 'true'", "true"), ("Days: 14", "14"), ('Days: "14"', "14"),
        ("Note: ''", ""), ('Version: "17.10"', "17.10"),
    ],
)  # fmt: skip
def test_values_become_the_text_that_cloudformation_takes(written: str, text: str) -> None:
    (stack,) = loaded(database(written)).stacks
    assert stack.parameters[written.partition(":")[0]] == text


def test_lists_become_text_between_commas() -> None:
    text = "region: eu-west-1\nstacks: {net: {template: network, parameters: {Endpoints: [ssm, 7, logs]}}}\n"
    assert loaded(text).stacks[0].parameters["Endpoints"] == "ssm,7,logs"


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("{ssm: /team/name}", SsmRef("/team/name")),
        ("{env: DB_NAME}", EnvRef("DB_NAME")),
        ("{output: other.VpcId}", OutputRef("other", "VpcId")),
    ],
)
def test_references_are_kept_as_such(written: str, reference: object) -> None:
    text = database(f"Note: {written}") + "  other:\n    template: network\n"
    assert loaded(text).stacks[0].parameters["Note"] == reference


BAD_FILES = [
    # text, line, key, what, hint
    ("", 1, "", "the file is empty", "region"),
    ("# only a comment\n", 1, "", "the file is empty", "region"),
    ("- a\n- b\n", 1, "", "must be a mapping, not a list", "its keys: region"),
    (
        GOOD + "  more: {template: network, parameters: [{ParameterKey: A, ParameterValue: b}]}\n",
        10,
        "stacks.more.parameters",
        "must be a mapping, not a list",
        "this is the list of the AWS CLI: write a line NAME: VALUE",
    ),
    (
        GOOD + "  more: {template: network, parameters: {A: !stack_output a.yaml::b}}\n",
        10,
        "stacks.more.parameters.A",
        "the YAML tag !stack_output is not allowed here",
        "{output: network.VpcId}",
    ),
    (GOOD + "regoin: x\n", 10, "regoin", "unknown key", "did you mean region?"),
    (GOOD + "<<: {a: 1}\n", 10, "<<", "unknown key", "merge keys"),
    (GOOD + "region: eu-west-2\n", 10, "region", "the key 'region' occurs twice, first in line 1", ""),
    (GOOD.replace("eu-west-1", "Ireland"), 1, "region", "'Ireland' does not fit", ""),
    (GOOD + "account: 123456789012\n", 10, "account", "must be text, not a number", 'quote it: "123456789012"'),
    (GOOD + 'account: "12345"\n', 10, "account", "'12345' does not fit: the twelve digits", ""),
    (GOOD + "protect: 'yes'\n", 10, "protect", "must be true or false, not text", "without quotes"),
    (GOOD + "protect: yes\n", 10, "protect", "must be true or false, not text", "without quotes"),
    (GOOD + "endpoint: locl\n", 10, "endpoint", "'locl' is not known here", "did you mean local?"),
    (GOOD + "tags: {Cost: 12}\n", 10, "tags.Cost", "must be text, not a number", 'quote it: "12"'),
    (GOOD + "tags: {'aws:x': y}\n", 10, "tags.aws:x", "does not fit", ""),
    (GOOD + "tags: {'AWS:x': y}\n", 10, "tags.AWS:x", "does not fit", ""),
    (GOOD + f"tags: {{{'k' * 129}: y}}\n", 10, f"tags.{'k' * 129}", "does not fit", ""),
    (GOOD + f"tags: {{k: {'v' * 257}}}\n", 10, "tags.k", "does not fit", ""),
    (GOOD + "tags: [a]\n", 10, "tags", "must be a mapping, not a list", ""),
    (GOOD + "stack_tags: {}\n", 10, "stack_tags", "unknown key", "did you mean tags?"),
    (GOOD + "project_code: a\n", 10, "project_code", "unknown key", "did you mean project?"),
    (GOOD + "stack: {}\n", 10, "stack", "unknown key", "did you mean stacks?"),
    (GOOD + "tags:\n", 10, "tags", "must be a mapping, not nothing", ""),
    (GOOD + "role_arn: deploy\n", 10, "role_arn", "does not fit: the ARN of an IAM role", ""),
    (GOOD + "notification_arns: arn\n", 10, "notification_arns", "must be a list, not text", ""),
    (GOOD + "notification_arns:\n  - x\n", 11, "notification_arns.0", "the ARN of an SNS topic", ""),
    (GOOD + "express: true\nprotect: true\n", 10, "express", "a protected environment may not use it", ""),
    (GOOD + "live: true\nprotect: true\n", 10, "live", "a protected environment may not use it", ""),
    ("region: eu-west-1\n", 1, "", "the key stacks is missing", ""),
    ("region: eu-west-1\nstacks: {}\n", 2, "stacks", "is empty, at least 1 is needed", ""),
    ("region: eu-west-1\nstacks:\n", 2, "stacks", "must be a mapping, not nothing", ""),
    ("region: eu-west-1\nstacks: [a]\n", 2, "stacks", "must be a mapping, not a list", ""),
    ("region: eu-west-1\nstacks:\n  net: network\n", 3, "stacks.net", "must be a mapping, not text", "template"),
    ("region: eu-west-1\nstacks:\n  net: {}\n", 3, "stacks.net", "the key template is missing", ""),
    ("region: eu-west-1\nstacks:\n  a.b: {template: network}\n", 3, "stacks.a.b", "does not fit", ""),
    (GOOD.replace("template: network", "template: netwrk"), 4, "stacks.network.template", "'netwrk'", "mean network?"),
    (GOOD.replace("template: network", "templat: network"), 4, "stacks.network.templat", "unknown key", "template?"),
    (GOOD.replace("Name: temporal", "Nam: temporal"), 8, "stacks.db.parameters.Nam", "unknown key", "mean Name?"),
    (GOOD.replace("Name: temporal", "Name:"), 8, "stacks.db.parameters.Name", "has no value", "write one"),
    (GOOD.replace("      Name: temporal\n", ""), 7, "stacks.db.parameters", "the key Name is missing", "it is called."),
    (database("High: 300"), 7, "stacks.db.parameters.High", "300 is above the maximum 256", "0.5"),
    (database("Low: 0"), 7, "stacks.db.parameters.Low", "0 is below the minimum 0.5", ""),
    (database("High: 4.3"), 7, "stacks.db.parameters.High", "4.3 is not a multiple of 0.5", ""),
    (database("High: '4'"), 7, "stacks.db.parameters.High", "must be a number, not text", "write 4 without quotes"),
    (database("High: true"), 7, "stacks.db.parameters.High", "must be a number, not true", ""),
    (database("High: [4]"), 7, "stacks.db.parameters.High", "must be a number, not a list", ""),
    (database("Pause: maybe"), 7, "stacks.db.parameters.Pause", "the value is not one of true or false", ""),
    (database("Days: 8"), 7, "stacks.db.parameters.Days", "the value is not one of 7 or 14", ""),
    (database("Version: 17.10"), 7, "stacks.db.parameters.Version", "must be text, not a number", "quote it"),
    (database("Version: 17"), 7, "stacks.db.parameters.Version", "must be text, not a number", 'quote it: "17"'),
    (database("Version: x"), 7, "stacks.db.parameters.Version", "the value does not fit", ""),
    (database("Low: 8"), 7, "stacks.db.parameters", "Low 8 is over High 4", ""),
    (database("High: 8", "Low: 9"), 8, "stacks.db.parameters", "Low 9 is over High 8", ""),
    (database("Password: hunter2"), 7, "stacks.db.parameters.Password", "a secret must not be written", "{ssm: /path}"),
    (database("Note: !Ref x"), 7, "stacks.db.parameters.Note", "the YAML tag !Ref is not allowed", "plain values"),
    (database("Note: !!python/name:os.system x"), 7, "stacks.db.parameters.Note", "the YAML tag", "plain values"),
    (database("Note: {}"), 7, "stacks.db.parameters.Note", "a reference has exactly one key", "{stack: network}"),
    (database("Note: {stck: x}"), 7, "stacks.db.parameters.Note", "'stck' is not a kind", "did you mean stack?"),
    (database("Note: {stack: 5}"), 7, "stacks.db.parameters.Note", "needs text, not a number", "{stack: network}"),
    (database("Note: {output: db}"), 7, "stacks.db.parameters.Note", "does not fit the reference", "network.VpcId"),
    (database("Note: {ssm: a b}"), 7, "stacks.db.parameters.Note", "does not fit the reference", "/team"),
    (GOOD + "\tx: 1\n", 10, "", "not YAML", "YAML does not allow tabs"),
    (GOOD + "---\nregion: x\n", 10, "", "a second document begins here", ""),
    (GOOD + "x: [1, 2\n", 10, "", "not YAML", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "what", "hint"), BAD_FILES)
def test_a_bad_file_gets_one_complaint_with_its_place(text: str, line: int, key: str, what: str, hint: str) -> None:
    found = one(text)
    assert (found.path, found.line) == (PATH, line)
    assert what in found.what
    assert hint in found.hint
    assert found.key.endswith(key) if key == "region" else not key or found.key == key


def test_a_secret_is_never_repeated() -> None:
    for text in (database("Password: hunter2"), database("Password: 'hunter2 and much longer'")):
        assert "hunter2" not in "".join(map(str, complaints(text)))


def test_every_fault_is_named_at_once_in_the_order_of_the_file() -> None:
    text = """\
regoin: eu-west-1
account: 123456789012
tags: {a: 1}
tags: {b: c}
stacks:
  net:
    template: netwrk
  db:
    template: database
    parameters:
      High: 300
      Low: 400
      Nme: x
      Note: !Sub x
      NetworkStackName: {stack: nett}
  db2:
    template: database
    name: db-dev
    parameters: {Name: X, Low: 5, High: 3}
"""
    found = [(row.line, row.key) for row in complaints(text)]
    assert found == [
        (1, "regoin"),
        (2, "account"),
        (4, "tags"),
        (7, "stacks.net.template"),
        (11, "stacks.db.parameters.High"),
        (12, "stacks.db.parameters.Low"),
        (13, "stacks.db.parameters.Nme"),
        (14, "stacks.db.parameters.Note"),
        (15, "stacks.db.parameters.NetworkStackName"),
        (16, "stacks.db2"),
        (19, "stacks.db2.parameters.Name"),
        (19, "stacks.db2.parameters"),
    ]


def test_a_value_that_is_already_wrong_is_not_compared_with_its_default() -> None:
    found = complaints(database("High: 0", "Low: 8"))
    assert [row.key for row in found] == ["stacks.db.parameters.High"]


def test_a_bomb_of_anchors_is_refused_quickly() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "anchors expand to more than" in one("\n".join(rows)).what


def test_an_absurdly_large_text_is_refused() -> None:
    assert "the maximum is 1,048,576" in one(GOOD + "# " + "x" * 1_100_000).what


def test_a_warning_does_not_stop_the_file() -> None:
    (warning,) = loaded(database("Pause: false")).warnings
    assert (warning.severity, warning.line, warning.message) == ("warning", 7, "the database never pauses")
    assert loaded(GOOD).warnings == ()


@pytest.mark.parametrize("name", ["../dev", "a/b", "/etc/passwd", "a\\b", "dev.yaml", "", "Dev", "-x", "a" * 32, "dév"])
def test_a_name_that_is_a_path_or_no_name_is_refused(name: str) -> None:
    found = complaints(GOOD, name)
    assert len(found) == 1
    assert "name" in found[0].what


def test_the_environment_may_be_named_otherwise_for_the_template() -> None:
    assert loaded(database("EnvironmentName: other")).stacks[0].parameters["EnvironmentName"] == "other"


BOUNDARY = "permissions_boundary: arn:aws:iam::aws:policy/ReadOnlyAccess\n"


@pytest.mark.parametrize(
    ("template", "given", "wanted"),
    [
        ("network", "", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("network", "arn:aws:iam::123456789012:policy/own", "arn:aws:iam::123456789012:policy/own"),
        # A template without roles has no such parameter.
        ("dsql", "", None),
    ],
)
def test_the_boundary_of_the_file_goes_to_every_template_with_the_parameter(
    template: str, given: str, wanted: str | None
) -> None:
    rows = f"    parameters: {{PermissionsBoundary: '{given}'}}\n" if given else ""
    text = f"region: eu-west-1\n{BOUNDARY}stacks:\n  one:\n    template: {template}\n{rows}"
    found = load(text, "params/dev.yaml", "dev", KNOWN)
    assert found.stacks[0].parameters.get("PermissionsBoundary") == wanted
    # The role of live sessions, which no template makes, has that of the file.
    assert found.permissions_boundary == "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_a_day_that_no_calendar_has_is_refused() -> None:
    text = database() + "    allow_replace: [{resource: Cluster, until: 2026-02-30, reason: x}]\n"
    assert one(text).what == "there is no date 2026-02-30"


FOLDERS = {
    "a folder": ("dsql-api", "handlers: src/handlers", "", ""),
    "a path of the machine": ("dsql-api", "handlers: /srv/code", "does not fit", ""),
    "a template without functions": ("dsql", "handlers: src", "the template dsql ships no handlers", "CodeUri"),
    "a zip as well": (
        "dsql-api",
        "handlers: src\n    parameters: {CodeBucket: mine, CodeKey: x.zip}",
        "is not used beside CodeBucket and CodeKey",
        "leave one of them out",
    ),
}


@pytest.mark.parametrize("case", FOLDERS)
def test_handlers_are_a_folder_of_the_repository(case: str) -> None:
    template, written, what, hint = FOLDERS[case]
    text = f"region: eu-west-1\nstacks:\n  one:\n    template: {template}\n    {written}\n"
    with pytest.raises(InputError) as caught:
        load(text, "params/dev.yaml", "dev", KNOWN)
    found = [row for row in caught.value.complaints if row.key == "stacks.one.handlers"]
    assert [(row.line, what in row.what, hint in row.hint) for row in found] == ([(5, True, True)] if what else [])
    # `outputs`, `sql`, `review` ... read the rendered file alone, which does not say what handlers there are.
    with pytest.raises(InputError) as of_files:
        load(text, "params/dev.yaml", "dev", {name: replace(row, code=()) for name, row in KNOWN.items()})
    assert of_files.value.complaints == caught.value.complaints
