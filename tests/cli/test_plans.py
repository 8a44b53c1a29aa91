"""`aurora-cfn deploy --plan` and `--apply` as whole commands: the file, what is executed, what is refused and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from aurora_cfn.deploy.plan.file import _digest
from aurora_cfn.deploy.stack_policy import OPEN
from tests.cli.project import PARAMS, Project

CANARY = "canary-8f3a61"
WRITES = {"CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet", "DeleteStack", "UpdateTerminationProtection"}
TWO = """\
region: eu-west-1
account: "123456789012"
stacks:
  network:
    template: network
  db:
    template: aurora-serverless-postgres
    parameters:
      NetworkStackName: {stack: network}
      MaxCapacity: 8
"""


def planned(dev: Project, *options: str) -> Result:
    return dev.deploy("--plan", "plan.json", *options)


def applied(dev: Project, *options: str) -> Result:
    address = ("--endpoint-url", dev.endpoint.url, "--no-proof", "--no-preflight")
    return dev.run("deploy", "--apply", "plan.json", "--yes", *address, *options)


def plan_of(dev: Project) -> dict[str, Any]:
    found = json.loads((dev.folder / "plan.json").read_text())
    assert isinstance(found, dict)
    return found


def rewrite(dev: Project, **more: Any) -> None:
    plan = {**plan_of(dev), **more}
    plan.pop("digest")
    (dev.folder / "plan.json").write_text(json.dumps({**plan, "digest": _digest(plan)}))


@pytest.fixture
def waiting(dev: Project) -> Project:
    """A plan of an update."""
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    assert planned(dev).exit_code == 0
    dev.endpoint.actions.clear()
    return dev


def test_a_plan_leaves_the_change_set_and_says_what_it_is(dev: Project) -> None:
    ran = planned(dev)
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "plan of 1 stack written to plan.json" in ran.stderr
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    plan, (waits,) = plan_of(dev), dev.endpoint.cfn.change_sets("db-dev")
    assert (plan["format"], plan["account"], plan["region"]) == (1, "123456789012", "eu-west-1")
    (row,) = plan["stacks"]
    assert (row["change_set"], row["arn"], row["creates"]) == (waits.arn, waits.stack_arn, True)
    assert row["parameters"]["MaxCapacity"] == "8"
    assert row["verdicts"]["new"] == len(waits.changes)


def test_exactly_that_change_set_is_executed(waiting: Project) -> None:
    (row,) = plan_of(waiting)["stacks"]
    assert row["verdicts"]
    assert not row["creates"]
    ran = applied(waiting)
    assert ran.exit_code == 0, ran.stderr
    assert "StackName" in ran.stdout
    assert WRITES & set(waiting.endpoint.actions) <= {"ExecuteChangeSet", "UpdateTerminationProtection"}
    stack = waiting.endpoint.cfn.stack("db-dev")
    assert stack is not None
    assert stack.parameters["MaxCapacity"] == "16"


def test_a_new_stack_is_made_from_its_plan(dev: Project) -> None:
    planned(dev)
    ran = applied(dev)
    assert ran.exit_code == 0, ran.stderr
    assert dev.endpoint.actions.count("CreateChangeSet") == 1
    again = applied(dev)
    assert again.exit_code == 0, again.stderr
    assert "an earlier run has executed its change set" in again.stderr
    assert again.stdout == ran.stdout
    assert dev.endpoint.actions.count("ExecuteChangeSet") == 1


def _params(dev: Project) -> None:
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 32"))


def _tags(dev: Project) -> None:
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16").replace("stacks:", "tags: {Team: data}\nstacks:"))


def _deleted(dev: Project) -> None:
    for one in dev.endpoint.cfn.change_sets("db-dev"):
        dev.endpoint.cfn.delete_change_set(one.arn)


def _other_update(dev: Project) -> None:
    cfn = dev.endpoint.cfn
    (ours,) = cfn.change_sets("db-dev")
    request, _ = cfn._sets[ours.arn]
    cfn.execute_change_set(cfn.create_change_set(request).arn, token="another")


def _region(dev: Project) -> None:
    text = (dev.folder / "params" / "dev.yaml").read_text()
    dev.write(text.replace("eu-west-1", "eu-central-1"))


def _renamed(dev: Project) -> None:
    dev.write(PARAMS.replace("  db:", "  database:"))


def _template(dev: Project) -> None:
    (row,) = plan_of(dev)["stacks"]
    rewrite(dev, stacks=[{**row, "template_sha256": "0" * 64}])


MOVES: dict[str, Callable[[Project], None]] = {
    "parameter MaxCapacity was 16 and is 32": _params,
    "the tag Team is new": _tags,
    "its change set is gone": _deleted,
    "the stack was changed since": _other_update,
    "has no stack db of that name": _renamed,
    "templates/aurora-serverless-postgres.yaml has changed": _template,
}


@pytest.mark.parametrize("said", MOVES)
def test_what_moved_is_said_and_nothing_is_executed(waiting: Project, said: str) -> None:
    MOVES[said](waiting)
    waiting.endpoint.actions.clear()
    ran = applied(waiting)
    assert (ran.exit_code, ran.stdout) == (1, ""), ran.stderr
    assert said in ran.stderr
    assert not WRITES & set(waiting.endpoint.actions)


@pytest.mark.parametrize("looking", [(), ("--log-format", "json")])
def test_another_account_is_refused_before_anything_else_is_asked(waiting: Project, looking: tuple[str, ...]) -> None:
    rewrite(waiting, account="210987654321")
    ran = waiting.run("deploy", "--apply", "plan.json", "--yes", "--endpoint-url", waiting.endpoint.url, *looking)
    assert ran.exit_code == 3
    assert "was made for the account 210987654321, and this is 123456789012" in ran.stderr
    assert waiting.endpoint.actions == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    ("moved", "options", "said"),
    [
        (_region, (), "for the region eu-west-1, and this is eu-central-1"),
        (lambda _: None, ("--region", "eu-central-1"), "for the region eu-west-1, and this is eu-central-1"),
        (lambda dev: rewrite(dev, endpoint="AWS"), (), "for the endpoint AWS, and this is http://127.0.0.1:"),
        (lambda dev: rewrite(dev, endpoint="local"), (), "for the endpoint local, and this is http://127.0.0.1:"),
    ],
)
def test_another_region_or_endpoint_is_refused_without_any_call(
    waiting: Project, moved: Callable[[Project], None], options: tuple[str, ...], said: str
) -> None:
    moved(waiting)
    waiting.endpoint.actions.clear()
    ran = applied(waiting, *options)
    assert (ran.exit_code, ran.stdout) == (3, ""), ran.stderr
    assert said in ran.stderr
    assert waiting.endpoint.actions == []


def test_localhost_and_a_plan_of_an_older_version_are_no_other_endpoint(waiting: Project) -> None:
    assert plan_of(waiting)["endpoint"] == waiting.endpoint.url
    rewrite(waiting, endpoint="")
    assert applied(waiting, "--endpoint-url", waiting.endpoint.url.replace("127.0.0.1", "localhost")).exit_code == 0


FORGED: list[dict[str, Any]] = [
    {"environment": 5}, {"deferred": []}, {"stacks": {}}, {"stacks": ["db"]}, {"allow": None}, {"more": 1},
]  # fmt: skip
FORGED_STACK: list[dict[str, Any]] = [
    {"key": ["db"]}, {"arn": 5}, {"change_set": None}, {"parameters": []}, {"tags": None}, {"settings": "x"},
    {"event": 7}, {"notes": None}, {"creates": "no"}, {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("wrong", [*FORGED, *({"stacks": [row]} for row in FORGED_STACK)], ids=str)
def test_a_value_of_another_shape_is_a_damaged_plan_whatever_its_digest_says(
    waiting: Project, wrong: dict[str, Any]
) -> None:
    (row,) = plan_of(waiting)["stacks"]
    if wrong not in FORGED:
        wrong = {"stacks": [{**row, **wrong["stacks"][0]}]}
    rewrite(waiting, **wrong)
    ran = applied(waiting)
    assert (ran.exit_code, ran.stdout) == (3, ""), ran.stderr
    assert ran.stderr == "error: plan.json: the plan is damaged or was edited: plan again\n"
    assert waiting.endpoint.actions == []


def _cut(text: str) -> str:
    return text[: len(text) // 2]


DAMAGE: dict[str, Callable[[str], str]] = {
    "not a plan, or cut off": _cut,
    "damaged or was edited": lambda text: text.replace('"16"', '"17"'),
    "plan format 2 is newer than this version reads (1)": lambda text: text.replace('"format": 1', '"format": 2'),
    "not a plan:": lambda _: "[]",
}


@pytest.mark.parametrize("said", DAMAGE)
def test_a_damaged_or_newer_file_is_one_message_and_3(waiting: Project, said: str) -> None:
    file = waiting.folder / "plan.json"
    file.write_text(DAMAGE[said](file.read_text()))
    ran = applied(waiting)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert waiting.endpoint.actions == []


def test_the_guard_refuses_a_plan_and_takes_its_change_set_back(dev: Project) -> None:
    dev.deploy("--yes")
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    dev.endpoint.cfn.replaces.add("DBCluster")
    ran = planned(dev)
    assert ran.exit_code == 6
    assert "no plan was written" in ran.stderr
    assert not (dev.folder / "plan.json").exists()
    assert dev.endpoint.cfn.change_sets("db-dev") == []
    assert planned(dev, "--allow-replace", "DBCluster").exit_code == 0
    rewrite(dev, allow=[])
    assert applied(dev, "--no-snapshot").exit_code == 6
    assert len(dev.endpoint.cfn.change_sets("db-dev")) == 1
    rewrite(dev, allow=["DBCluster"])
    assert applied(dev, "--no-snapshot").exit_code == 0


def test_what_needs_a_stack_that_is_not_there_is_named_and_planned_later(dev: Project) -> None:
    dev.write(TWO)
    ran = planned(dev)
    assert ran.exit_code == 0, ran.stderr
    assert "not in it: db: it needs network, which is not deployed yet" in ran.stderr
    assert [row["key"] for row in plan_of(dev)["stacks"]] == ["network"]
    assert list(plan_of(dev)["deferred"]) == ["db"]
    assert dev.endpoint.cfn.names() == ["network-dev"]
    ran = applied(dev)
    assert ran.exit_code == 0, ran.stderr
    assert "not in it: db" in ran.stderr
    assert planned(dev).exit_code == 0
    assert [row["key"] for row in plan_of(dev)["stacks"]] == ["db"]


def test_what_needs_an_output_that_this_plan_adds_is_planned_later(dev: Project) -> None:
    dev.write(TWO + "      DBMaster: {output: network.VpcId}\n")
    assert dev.deploy("--yes", "--stack", "network").exit_code == 0
    dev.endpoint.cfn.forget_output("network-dev", "VpcId")
    ran = planned(dev)
    assert ran.exit_code == 0, ran.stderr
    reason = (
        "it needs the output VpcId of network, which only its pending update adds: apply this plan, then plan again"
    )
    assert f"not in it: db: {reason}" in ran.stderr
    assert plan_of(dev)["deferred"] == {"db": reason}
    assert [row["key"] for row in plan_of(dev)["stacks"]] == ["network"]
    assert applied(dev).exit_code == 0
    assert planned(dev).exit_code == 0
    assert [row["key"] for row in plan_of(dev)["stacks"]] == ["db"]


def test_the_file_says_for_what_the_stack_policy_is_opened(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.cfn.put_policy("db-dev", OPEN)
    dev.write((dev.folder / "params" / "dev.yaml").read_text().replace("MaxCapacity: 8", "MaxCapacity: 16"))
    assert planned(dev, "--allow-replace", "db.DBCluster", "--no-snapshot").exit_code == 0
    assert [row["opened"] for row in plan_of(dev)["stacks"]] == [["DBCluster"]]
    dev.endpoint.actions.clear()
    ran = applied(dev, "--no-snapshot")
    assert ran.exit_code == 0, ran.stderr
    assert "stack policy: opened for DBCluster while the update runs, and closed after it" in ran.stderr
    assert dev.endpoint.actions.count("SetStackPolicy") == 2


def test_no_secret_is_in_the_file_and_a_moved_one_is_refused_without_its_value(dev: Project) -> None:
    dev.endpoint.ssm["/db/capacity"] = "13"
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: {ssm: /db/capacity}\n      DBMaster: {env: MASTER}"))
    address = ("--endpoint-url", dev.endpoint.url, "--no-proof", "--no-preflight")
    ran = dev.run("deploy", "--env", "dev", "--plan", "plan.json", *address, environ={"MASTER": CANARY})
    assert ran.exit_code == 0, ran.stderr
    text = (dev.folder / "plan.json").read_text()
    assert CANARY not in text + ran.output
    assert '"13"' not in text
    (row,) = plan_of(dev)["stacks"]
    assert row["parameters"]["MaxCapacity"] == {"ssm": "/db/capacity"}
    assert row["parameters"]["DBMaster"] == {"env": "MASTER"}
    dev.endpoint.ssm["/db/capacity"] = "14"
    ran = dev.run("deploy", "--apply", "plan.json", "--yes", *address, environ={"MASTER": f"{CANARY}-2"})
    assert ran.exit_code == 1
    assert "the value behind the parameter MaxCapacity has changed" in ran.stderr
    assert "the value behind the parameter DBMaster has changed" in ran.stderr
    assert CANARY not in ran.output


def test_nothing_to_change_is_a_plan_of_nothing(dev: Project) -> None:
    dev.deploy("--yes")
    assert planned(dev).exit_code == 0
    assert plan_of(dev)["stacks"] == []
    dev.endpoint.actions.clear()
    assert applied(dev).exit_code == 0
    assert dev.endpoint.actions == []


def test_a_file_that_is_no_plan_is_not_written_over(dev: Project) -> None:
    ran = dev.deploy("--plan", "params/dev.yaml")
    assert ran.exit_code == 3
    assert "exists and is no plan" in ran.stderr
    assert Path("params/dev.yaml").read_text() == PARAMS
    assert dev.endpoint.actions == []
    assert planned(dev).exit_code == planned(dev).exit_code == 0


def test_where_the_file_cannot_be_written_the_change_sets_are_taken_back(dev: Project) -> None:
    (dev.folder / "plain").write_text("")
    ran = dev.deploy("--plan", "plain/plan.json")
    assert ran.exit_code == 3
    note, error = ran.stderr.splitlines()[-2:]
    assert note == "no plan was written, and its change sets were deleted: plain/plan.json"
    assert error.startswith("error: plain/plan.json: cannot be written: ")
    assert dev.endpoint.cfn.names() == []


@pytest.mark.parametrize(
    "options",
    [
        ("--plan", "a", "--apply", "b"),
        ("--apply", "b", "--stack", "db"),
        ("--apply", "b", "--allow-replace", "X"),
        ("--apply", "b", "--dry-run"),
        ("--discard", "b", "--apply", "b"),
        ("--discard", "b", "--plan", "b", "--env", "dev"),
        ("--discard", "b", "--stack", "db"),
        ("--discard", "b", "--strict"),
        ("--plan", "a", "--env", "dev", "--dry-run"),
        ("--plan", "a"),
        (),
    ],
)
def test_options_that_exclude_each_other_are_wrong_usage(dev: Project, options: tuple[str, ...]) -> None:
    ran = dev.run("deploy", "--yes", *options)
    assert ran.exit_code == 2
    assert dev.endpoint.actions == []


def test_the_plan_of_another_environment_is_refused(waiting: Project) -> None:
    ran = applied(waiting, "--env", "production")
    assert ran.exit_code == 3
    assert "is a plan of the environment dev, not of production" in ran.stderr


def discarded(dev: Project, *options: str) -> Result:
    return dev.run("deploy", "--discard", "plan.json", "--endpoint-url", dev.endpoint.url, *options)


def test_a_plan_of_a_new_stack_is_taken_back_with_its_empty_stack(dev: Project) -> None:
    planned(dev)
    ran = discarded(dev)
    assert (ran.exit_code, ran.stdout) == (0, ""), ran.stderr
    assert "db  its change set was deleted, and so was the empty stack around it" in ran.stderr
    assert dev.endpoint.cfn.names() == []
    again = discarded(dev)
    assert again.exit_code == 0, again.stderr
    assert "its change set was gone already" in again.stderr
    refused = applied(dev)
    assert refused.exit_code == 1
    assert "its change set is gone" in refused.stderr


def test_a_plan_of_an_update_is_taken_back_and_nothing_else(waiting: Project) -> None:
    cfn = waiting.endpoint.cfn
    request, _ = cfn._sets[cfn.change_sets("db-dev")[0].arn]
    theirs = cfn.create_change_set(request)
    ran = discarded(waiting, "--log-format", "json")
    assert ran.exit_code == 0, ran.stderr
    assert json.loads(ran.stderr.splitlines()[-1])["text"] == "its change set was deleted"
    assert [row.arn for row in cfn.change_sets("db-dev")] == [theirs.arn]
    assert waiting.endpoint.actions == ["GetCallerIdentity", "DescribeChangeSet", "DeleteChangeSet"]


def test_the_empty_stack_stays_while_someone_elses_change_set_waits_on_it(dev: Project) -> None:
    planned(dev)
    cfn = dev.endpoint.cfn
    request, _ = cfn._sets[cfn.change_sets("db-dev")[0].arn]
    theirs = cfn.create_change_set(request)
    assert discarded(dev).exit_code == 0
    assert [row.arn for row in cfn.change_sets("db-dev")] == [theirs.arn]


def test_what_was_executed_is_not_taken_back(dev: Project) -> None:
    planned(dev)
    assert applied(dev).exit_code == 0
    dev.endpoint.actions.clear()
    ran = discarded(dev)
    assert ran.exit_code == 0, ran.stderr
    assert "its change set was executed, and is kept (EXECUTE_COMPLETE)" in ran.stderr
    assert not WRITES & set(dev.endpoint.actions)


@pytest.mark.parametrize(
    ("moved", "options", "code", "said"),
    [
        ({"account": "210987654321"}, (), 3, "for the account 210987654321, and this is 123456789012"),
        ({"endpoint": "http://127.0.0.1:1"}, (), 3, "for the endpoint http://127.0.0.1:1, and this is http"),
        ({}, ("--region", "eu-central-1"), 3, "for the region eu-west-1, and this is eu-central-1"),
        ({}, ("--env", "production"), 3, "is a plan of the environment dev, not of production"),
        ({"stacks": 1}, (), 3, "the plan is damaged or was edited"),
    ],
)
def test_a_plan_of_another_place_is_not_taken_back(
    waiting: Project, moved: dict[str, Any], options: tuple[str, ...], code: int, said: str
) -> None:
    rewrite(waiting, **moved)
    ran = discarded(waiting, *options)
    assert (ran.exit_code, said in ran.stderr) == (code, True), ran.stderr
    assert set(waiting.endpoint.actions) <= {"GetCallerIdentity"}


def test_a_refusal_to_take_it_back_is_an_error(waiting: Project) -> None:
    waiting.endpoint.refusals["DeleteChangeSet"] = [("AccessDenied", "no")]
    ran = discarded(waiting)
    assert ran.exit_code == 4
    assert "DeleteChangeSet: no (AccessDenied)" in ran.stderr


def test_how_a_plan_was_made_is_how_it_is_executed(dev: Project) -> None:
    ran = dev.deploy("--plan", "my plan.json", "--region", "eu-west-1")
    way = f"--region eu-west-1 --endpoint-url {dev.endpoint.url}"
    assert f"execute it with: aurora-cfn deploy --apply 'my plan.json' {way}\n" in ran.stderr
