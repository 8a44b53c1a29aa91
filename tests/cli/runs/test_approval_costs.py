"""What the approval of a deployment says about the bill."""

from __future__ import annotations

from tests.cli.project import PARAMS, Project

HEAD = "cost a month in db-dev:"


def cost_lines(text: str) -> list[str]:
    lines = text.splitlines()
    start = lines.index(HEAD) + 1 if HEAD in lines else len(lines)
    return [line.strip() for line in lines[start:] if line.startswith("  ") and not line.startswith("   ")]


def test_a_new_stack_costs_from_nothing(dev: Project) -> None:
    cluster, *_, total, day = cost_lines(dev.deploy("--dry-run").stderr)
    assert "0 to 8 ACU, paused after 5 min idle: - -> 0.00 to " in cluster
    assert total.startswith("total, USD a month: 0.00 -> ")
    assert day.startswith("list prices of eu-west-1, read ")


def test_a_change_is_shown_before_and_after_on_a_plan_and_on_its_application(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    planned = dev.deploy("--plan", "plan.json")
    moved, total, _ = cost_lines(planned.stderr)
    assert "0 to 8 ACU, paused after 5 min idle -> Aurora Serverless v2: 1 instance, 0 to 16 ACU" in moved
    assert total.startswith("total, USD a month: 0.40 to ")
    address = ("--endpoint-url", dev.endpoint.url, "--no-proof", "--no-preflight")
    applied = dev.run("deploy", "--apply", "plan.json", "--yes", *address)
    assert applied.exit_code == 0, applied.stderr
    assert cost_lines(applied.stderr) == [moved, total, cost_lines(planned.stderr)[-1]]


def test_it_stands_before_the_refusal_of_the_guard(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    dev.endpoint.cfn.replaces.add("DBCluster")
    ran = dev.deploy("--yes")
    assert ran.exit_code == 6
    assert ran.stderr.index(HEAD) < ran.stderr.index("error:")


def test_what_costs_nothing_says_nothing(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(f"{PARAMS}tags: {{Team: data}}\n")
    ran = dev.deploy("--yes")
    assert ran.exit_code == 0, ran.stderr
    assert HEAD not in ran.stderr


def test_without_the_deployed_template_there_is_nothing_to_compare_the_bill_with(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    dev.endpoint.refusals["GetTemplate"] = [("AccessDenied", "no")]
    ran = dev.deploy("--yes")
    assert ran.exit_code == 0, ran.stderr
    assert HEAD not in ran.stderr


def test_a_value_that_may_be_a_secret_is_not_shown_by_its_price(dev: Project) -> None:
    dev.endpoint.ssm["/db/capacity"] = "13"
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: {ssm: /db/capacity}"))
    ran = dev.deploy("--dry-run")
    assert ran.exit_code == 0, ran.stderr
    assert HEAD in ran.stderr
    assert "13" not in ran.stderr[ran.stderr.index(HEAD) : ran.stderr.index("list prices")]


def test_a_stack_that_keeps_the_database_awake_moves_the_databases_line(dev: Project) -> None:
    dev.write(
        PARAMS
        + """\
  proxy:
    template: rds-proxy
    parameters:
      TargetName: dev-auroracluster
      DatabaseClientSecurityGroupId: sg-0123456789abcdef0
      SecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf
      VpcId: vpc-0123456789abcdef0
      SubnetIds: subnet-0123456789abcdef0,subnet-0123456789abcdef1
    depends_on: [db]
"""
    )
    ran = dev.deploy("--yes", "--stack", "db")
    assert ran.exit_code == 0, ran.stderr
    assert "proxy" not in ran.stderr, "it is not there yet"
    ran = dev.deploy("--dry-run", "--stack", "proxy")
    assert ran.exit_code == 0, ran.stderr
    part = ran.stderr[ran.stderr.index("cost a month in proxy-dev:") :]
    assert "db: Aurora Serverless v2" in part[: part.index("list prices")]
    assert "proxy: " in part
