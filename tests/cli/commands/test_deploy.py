"""`aurora-cfn deploy` as a whole: exit code, stdout, stderr, and what was called."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.deploy.stack_policy import OPEN
from tests.cli.project import PARAMS, Project

CREATE = [
    "DescribeStacks",
    "CreateChangeSet",
    "DescribeChangeSet",
    "ExecuteChangeSet",
    "DescribeStackEvents",
    "DescribeStacks",
]


def test_a_new_stack_is_deployed_with_no_call_too_many(dev: Project) -> None:
    result = dev.deploy("--yes")
    assert result.exit_code == 0, result.stderr
    # DescribeStacks lists the stacks of the account, to find those that no params file has any more: it shows that the
    # stack is new, too.
    assert dev.endpoint.actions == ["GetCallerIdentity", *CREATE]
    assert "db-dev" in result.stdout
    assert "StackName" in result.stdout
    assert "db-dev: create stack" in result.stderr
    assert "CREATE_COMPLETE" in result.stderr
    assert "arn:aws:iam::123456789012:user/me" in result.stderr
    assert "\x1b" not in result.output


@pytest.mark.parametrize("wish", [("--on-failure", "delete"), ("--disable-rollback",), ("--express",)])
def test_what_becomes_of_a_failure_is_said_once(dev: Project, wish: tuple[str, ...]) -> None:
    dev.write(PARAMS.replace("stacks:", "express: true\nstacks:"))
    result = dev.deploy("--yes", *wish)
    assert result.exit_code == 0, result.stderr


def test_an_order_whose_answer_is_lost_on_the_way_is_watched_all_the_same(dev: Project) -> None:
    dev.endpoint.mute = ["ExecuteChangeSet"]
    result = dev.deploy("--yes")
    assert result.exit_code == 0, result.stderr
    assert "the answer to the call was lost, but CloudFormation has accepted it" in result.stderr
    assert dev.endpoint.actions.count("ExecuteChangeSet") == 2, "botocore has sent it again, and it was refused then"
    assert "DeleteChangeSet" not in dev.endpoint.actions


def test_nothing_to_change_is_success(dev: Project) -> None:
    dev.deploy("--yes")
    dev.endpoint.actions.clear()
    result = dev.deploy("--yes")
    assert result.exit_code == 0
    assert "nothing to change" in result.stderr
    assert "StackName" in result.stdout
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.change_sets("db-dev") == []


@pytest.mark.parametrize("looking", [(), ("--dry-run",), ("--plan", "plan.json")])
def test_who_expects_a_change_is_shown_that_there_is_none(dev: Project, looking: tuple[str, ...]) -> None:
    assert dev.deploy("--yes", "--fail-on-empty").exit_code == 0
    result = dev.deploy("--yes", "--fail-on-empty", *looking)
    assert result.exit_code == 1
    assert result.stderr.endswith("error: nothing to change (--fail-on-empty)\n")
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    assert dev.deploy("--yes", "--fail-on-empty", *looking).exit_code == 0


@pytest.mark.parametrize("status", ["UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "CREATE_FAILED"])
def test_an_unhealthy_stack_is_never_just_unchanged(dev: Project, status: str) -> None:
    dev.endpoint.cfn.put("db-dev", status)
    result = dev.deploy("--yes")
    assert (result.exit_code, result.stdout) == (10, "")
    assert f"db-dev is in {status}" in result.stderr


def test_what_a_clean_up_leaves_fails_a_strict_run_with_its_own_code(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.cfn.leaves["DBSubnetGroup"] = "it is in use"
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    result = dev.deploy("--yes", "--strict")
    assert result.exit_code == 9, result.stderr
    assert "error: db-dev was updated, but not all was cleaned up:\n  DBSubnetGroup (old-" in result.stderr
    assert "ClusterArn" in result.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--strict", "--no-cleanup-wait"), "--strict and --no-cleanup-wait exclude each other"),
        (("--disable-rollback", "--on-failure", "delete"), "--disable-rollback and --on-failure exclude each other"),
        (("--strict", "--dry-run"), "--dry-run and --strict exclude each other"),
        (("--strict", "--plan", "p.json"), "--strict does not go with --plan"),
        (("--no-cleanup-wait", "--plan", "p.json"), "--no-cleanup-wait does not go with --plan"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(dev: Project, options: tuple[str, ...], said: str) -> None:
    result = dev.deploy("--yes", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert dev.endpoint.actions == []


def test_without_a_terminal_and_without_yes_nothing_is_even_read(dev: Project) -> None:
    result = dev.deploy(text="y\n")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert result.stdout == ""
    assert dev.endpoint.actions == []


def test_a_dry_run_leaves_nothing_and_needs_no_terminal(dev: Project) -> None:
    result = dev.deploy("--dry-run")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "DBCluster" in result.stderr
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.names() == []


@pytest.mark.parametrize("looking", [False, True])
@pytest.mark.parametrize("chosen", [(), ("--stack", "db")])
@pytest.mark.parametrize("wants", ["NetworkStackName: {stack: network}", "DBMaster: {output: network.StackName}"])
def test_a_dry_run_says_what_it_can_of_a_stack_whose_first_half_is_not_there(
    dev: Project, wants: str, chosen: tuple[str, ...], looking: bool
) -> None:
    dev.write(PARAMS.replace("  db:", "  network:\n    template: network\n  db:") + f"      {wants}\n")
    result = dev.deploy("--dry-run", *chosen, looking=looking)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert "db-dev would be created from a template of" in result.stderr
    assert "AWS::RDS::DBCluster" in result.stderr
    assert "no change set was made: it needs network, which is not deployed yet" in result.stderr
    assert "error" not in result.stderr
    assert dev.endpoint.cfn.names() == []
    assert dev.endpoint.actions.count("CreateChangeSet") == (0 if chosen else 1)


def without_output(dev: Project) -> Project:
    """The network is deployed, by a template that did not have yet the output that the database is given."""
    dev.write(
        PARAMS.replace("  db:", "  network:\n    template: network\n  db:")
        + "      DBMaster: {output: network.VpcId}\n"
    )
    assert dev.deploy("--yes", "--stack", "network").exit_code == 0
    dev.endpoint.cfn.forget_output("network-dev", "VpcId")
    return dev


def test_a_dry_run_foresees_an_output_that_its_own_update_adds(dev: Project) -> None:
    result = without_output(dev).deploy("--dry-run")
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    reason = "it needs the output VpcId of network, which only its pending update adds; deploy that first"
    assert f"db  warning: no change set was made: {reason}" in result.stderr
    assert "db-dev would be created from a template of" in result.stderr
    assert dev.endpoint.cfn.change_sets("network-dev") == []


def test_an_output_that_nothing_pending_adds_is_an_error_with_its_line(dev: Project) -> None:
    result = without_output(dev).deploy("--dry-run", "--stack", "db")
    assert (result.exit_code, result.stdout) == (3, ""), result.stderr
    assert "params/dev.yaml:10: stacks.db.parameters.DBMaster" in result.stderr


def test_a_dry_run_shows_all_of_a_stack_whose_first_half_is_there(dev: Project) -> None:
    dev.write(PARAMS.replace("  db:", "  network:\n    template: network\n  db:") + "    depends_on: [network]\n")
    assert dev.deploy("--yes", "--stack", "network").exit_code == 0
    result = dev.deploy("--dry-run", "--stack", "db")
    assert result.exit_code == 0, result.stderr
    assert "db-dev: create stack" in result.stderr
    assert "no change set was made" not in result.stderr


def test_a_failure_says_the_first_cause_and_ends_with_five(dev: Project) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot find version 9.1 for aurora-postgresql"
    result = dev.deploy("--yes")
    assert result.exit_code == 5
    assert result.stdout == ""
    error = result.stderr[result.stderr.index("error:") :]
    assert error.startswith("error: DBCluster (AWS::RDS::DBCluster): Cannot find version 9.1")
    assert "db-dev ended in ROLLBACK_COMPLETE" in error
    assert dev.endpoint.actions.count("DescribeEvents") == 1, "for the failures of the operation"


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAction", "ValidationError"])
def test_where_events_of_an_operation_cannot_be_had_the_cause_is_that_of_the_stacks_events(
    dev: Project, code: str
) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot find version 9.1 for aurora-postgresql"
    dev.endpoint.refusals["DescribeEvents"] = [(code, "no")]
    result = dev.deploy("--yes")
    assert result.exit_code == 5
    assert "error: DBCluster (AWS::RDS::DBCluster): Cannot find version 9.1" in result.stderr
    assert dev.endpoint.actions.count("DescribeEvents") == 1


def test_the_wrong_account_is_refused_before_anything_is_written(dev: Project) -> None:
    dev.endpoint.account = "999999999999"
    result = dev.deploy("--yes")
    assert result.exit_code == 3
    assert "123456789012" in result.stderr
    assert "999999999999" in result.stderr
    assert dev.endpoint.actions == ["GetCallerIdentity"]


def test_a_stale_template_ends_with_one_and_what_to_do(dev: Project) -> None:
    template = dev.folder / "templates" / "aurora-serverless-postgres.yaml"
    template.write_text(template.read_text() + "# edited\n")
    result = dev.deploy("--yes")
    assert result.exit_code == 1
    assert "aurora-cfn render" in result.stderr
    assert dev.endpoint.actions == []


def test_a_missing_template_ends_with_one(dev: Project) -> None:
    (dev.folder / "templates" / "aurora-serverless-postgres.yaml").unlink()
    result = dev.deploy("--yes")
    assert result.exit_code == 1
    assert "is missing" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--env", "nope"), "params/nope.yaml: there is no such environment (known: dev)"),
        (("--env", "../dev"), "path"),
        (("--env", "dev", "--stack", "dbb"), "did you mean db"),
    ],
)
def test_wrong_names_are_refused_offline(dev: Project, arguments: tuple[str, ...], part: str) -> None:
    result = dev.run("deploy", *arguments, "--yes", "--endpoint-url", dev.endpoint.url)
    assert result.exit_code == 3
    assert part in result.stderr
    assert dev.endpoint.actions == []


def test_a_variable_that_is_not_set_is_shown_before_the_first_stack(dev: Project) -> None:
    dev.write(PARAMS + "      KmsKeyId: {env: NO_SUCH_KEY}\n")
    result = dev.deploy("--yes")
    assert (result.exit_code, dev.endpoint.actions) == (3, [])
    assert "params/dev.yaml:8: stacks.db.parameters.KmsKeyId: the variable NO_SUCH_KEY is not set" in result.stderr


def test_json_lines_carry_their_schema(dev: Project) -> None:
    result = dev.deploy("--yes", "--log-format", "json")
    rows = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    assert {row["schema"] for row in rows} == {"aurora-cfn.log/1"}
    assert [row["kind"] for row in rows if row["kind"] != "event"] == ["caller", "plan", "cost", "started", "result"]
    assert (rows[1]["creates"], rows[1]["opened"], rows[1]["policy"]) == (True, [], "")
    assert {"action": "Add", "logical_id": "DBCluster", "type": "AWS::RDS::DBCluster", "replacement": ""} in rows[1][
        "changes"
    ]
    assert rows[-1]["outcome"] == "created"
    assert any(row["kind"] == "event" and row["logical_id"] == "DBCluster" for row in rows)


def test_everything_in_a_json_log_is_json_and_an_open_policy_is_in_it(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.cfn.put_policy("db-dev", OPEN)
    dev.write((dev.folder / "params" / "dev.yaml").read_text().replace("MaxCapacity: 8", "MaxCapacity: 16"))
    options = ("--yes", "--log-format", "json", "--allow-replace", "DBCluster", "--no-snapshot")
    result = dev.deploy(*options)
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stderr.splitlines()]
    caller, plan, review = rows[:3]
    assert caller["kind"] == "caller"
    assert (plan["kind"], plan["opened"], review["kind"]) == ("plan", ["DBCluster"], "review")
    assert "MaxCapacity: 8 -> 16" in plan["text"]
    dev.endpoint.cfn.fail["DBCluster"] = "no capacity"
    dev.write((dev.folder / "params" / "dev.yaml").read_text().replace("MaxCapacity: 16", "MaxCapacity: 8"))
    result = dev.deploy(*options)
    assert result.exit_code == 5
    assert "no capacity" in [json.loads(line) for line in result.stderr.splitlines()][-1]["cause"]


def test_what_is_found_before_anything_is_sent_is_json_in_a_json_log(dev: Project) -> None:
    result = dev.deploy("--yes", "--log-format", "json", looking=True)
    rows = [json.loads(line) for line in result.stderr.splitlines()]
    found = [row for row in rows if row["kind"] == "finding"]
    assert {"warning"} == {row["severity"] for row in found}
    assert ("params/dev.yaml", "names") in {(row["path"], row["rule"]) for row in found}


def test_ssm_and_shell_values_reach_the_stack_and_never_the_screen(dev: Project) -> None:
    dev.endpoint.ssm["/team/key"] = "arn:aws:kms:eu-west-1:123456789012:key/canary-from-ssm"
    dev.write(PARAMS + "      KmsKeyId: {ssm: /team/key}\n      ServiceName: {env: SERVICE}\n")
    result = dev.run(
        "deploy",
        "--env",
        "dev",
        "--yes",
        "--no-proof",
        "--endpoint-url",
        dev.endpoint.url,
        environ={"SERVICE": "canary"},
    )
    assert result.exit_code == 0, result.stderr
    stack = dev.endpoint.cfn.stack("db-dev")
    assert stack is not None
    assert stack.parameters["KmsKeyId"].endswith("canary-from-ssm")
    assert stack.parameters["ServiceName"] == "canary"
    assert "canary" not in result.output


def test_a_missing_ssm_parameter_is_named_with_its_line(dev: Project) -> None:
    dev.write(PARAMS + "      ServiceName: {ssm: /team/name}\n")
    result = dev.deploy("--yes")
    assert result.exit_code == 3
    assert "params/dev.yaml:8: stacks.db.parameters.ServiceName: there is no SSM parameter /team/name" in result.stderr
    assert "CreateChangeSet" not in dev.endpoint.actions


@pytest.mark.parametrize(
    ("code", "message", "part"),
    [
        ("ExpiredToken", "The security token included in the request is expired", "have expired: log in again"),
        ("InvalidClientTokenId", "The security token included in the request is invalid", "does not accept these"),
        ("AccessDenied", "User: arn:x is not authorized to perform: y", "not authorized to perform"),
    ],
)
def test_credentials_that_do_not_do_give_one_line(dev: Project, code: str, message: str, part: str) -> None:
    dev.endpoint.refusals["GetCallerIdentity"] = [(code, message)]
    result = dev.deploy("--yes")
    assert result.exit_code == 4
    assert part in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_credentials_gives_one_line(dev: Project) -> None:
    nothing = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "HOME": str(dev.folder)}
    result = dev.run("deploy", "--env", "dev", "--yes", "--endpoint-url", dev.endpoint.url, environ=nothing)
    assert result.exit_code == 4
    assert result.stderr == ("error: no AWS credentials found: set AWS_PROFILE or --profile, or run `aws configure`\n")


def test_a_profile_that_does_not_exist_gives_one_line(dev: Project) -> None:
    result = dev.deploy("--yes", "--profile", "absent")
    assert result.exit_code == 4
    assert "the profile absent does not exist" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unreachable_endpoint_gives_one_line(dev: Project) -> None:
    result = dev.run("deploy", "--env", "dev", "--yes", "--endpoint-url", "http://127.0.0.1:9")
    assert result.exit_code == 4
    assert "cannot reach http://127.0.0.1:9" in result.stderr
    assert len(result.stderr.splitlines()) == 1


ALLOWED = ("--allow-replace", "DBCluster", "--allow-replace", "PostgresqlLogGroup")


def changed(dev: Project) -> Project:
    """The stack is deployed, then its params ask for another database name: the cluster would be replaced.

    The cluster gets another name with it, as two of one name cannot exist; that replaces its log group too.
    """
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS + "      DatabaseName: other\n      ClusterName: dev-other\n")
    cluster = next(row for row in dev.endpoint.cfn.resources("db-dev") if row.logical_id == "DBCluster")
    dev.endpoint.cfn.replaces.add(cluster.logical_id)
    dev.endpoint.actions.clear()
    return dev


def test_replacing_a_database_is_refused_even_with_yes(dev: Project) -> None:
    result = changed(dev).deploy("--yes")
    assert result.exit_code == 6, result.stderr
    assert "--allow-replace DBCluster" in result.stderr
    assert result.stderr.count("note: DBCluster is db-dev-dbcluster: size unknown, deletion protection off") == 1
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.change_sets("db-dev") == []


def test_a_replacement_allowed_by_name_goes_through(dev: Project) -> None:
    snapshot = {"DBClusterSnapshotIdentifier": "snap", "DBClusterIdentifier": "db-dev-dbcluster", "Status": "available"}
    dev.endpoint.answers |= {
        "CreateDBClusterSnapshot": {"DBClusterSnapshot": snapshot},
        "DescribeDBClusterSnapshots": {"DBClusterSnapshots": [snapshot]},
    }
    result = changed(dev).deploy("--yes", *ALLOWED)
    assert result.exit_code == 0, result.stderr
    assert "aws rds restore-db-cluster-from-snapshot --region eu-west-1" in result.stderr
    assert "DATA LOSS" in result.stderr
    actions = dev.endpoint.actions
    assert actions.index("CreateDBClusterSnapshot") < actions.index(
        "ExecuteChangeSet", actions.index("CreateChangeSet")
    )


def test_a_snapshot_that_no_one_wants_is_not_taken(dev: Project) -> None:
    result = changed(dev).deploy("--yes", *ALLOWED, "--no-snapshot")
    assert result.exit_code == 0, result.stderr
    assert "opened for" not in result.stderr
    assert "CreateDBClusterSnapshot" not in dev.endpoint.actions
    assert "ExecuteChangeSet" in dev.endpoint.actions


def test_another_name_allows_nothing(dev: Project) -> None:
    assert changed(dev).deploy("--yes", "--allow-replace", "Writer").exit_code == 6


def test_a_harmless_update_is_reviewed_against_the_deployed_template(dev: Project) -> None:
    dev.deploy("--yes")
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    dev.endpoint.actions.clear()
    result = dev.deploy("--yes")
    assert result.exit_code == 0, result.stderr
    assert "MaxCapacity: 8 -> 16" in result.stderr
    assert "in-place" in result.stderr
    assert dev.endpoint.actions.count("GetTemplate") == 1


def test_a_deployed_template_that_cannot_be_read_leaves_the_word_of_the_change_set(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE", template="Resources: [1]")
    result = dev.deploy("--yes")
    assert result.exit_code == 0, result.stderr
    assert "cannot be read" in result.stderr


def test_the_policy_of_a_protected_stack_keeps_its_data_and_none_gets_its_first_one(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    assert dev.deploy("--yes").exit_code == 0
    stack = dev.endpoint.cfn.stack("db-dev")
    assert stack is not None
    assert stack.protected
    assert dev.endpoint.cfn.stack_policy("db-dev") == ""
    dev.endpoint.cfn.put_policy("db-dev", OPEN)
    assert dev.deploy("--yes").exit_code == 0
    policy = json.loads(dev.endpoint.cfn.stack_policy("db-dev"))
    assert "LogicalResourceId/DBCluster" in policy["Statement"][1]["Resource"]
    assert policy["Statement"][1]["Action"] == ["Update:Replace", "Update:Delete"]


@pytest.mark.parametrize("looking", [("--dry-run",), ("--plan", "plan.json")])
@pytest.mark.parametrize("token", ["", "aurora-cfn-20260101T000000-00000000"])
def test_who_only_looks_waits_for_no_operation(dev: Project, looking: tuple[str, ...], token: str) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.cfn.at_once, dev.endpoint.cfn.seconds = False, 60
    dev.endpoint.cfn.delete_stack("db-dev", token=token)
    dev.endpoint.actions.clear()
    result = dev.deploy(*looking)
    assert result.exit_code == 7, result.stderr
    assert "error: db-dev is in DELETE_IN_PROGRESS" in result.stderr
    assert "aurora-cfn events" in result.stderr
    assert set(dev.endpoint.actions) <= {"GetCallerIdentity", "DescribeStacks"}
    assert not (dev.folder / "plan.json").exists()
