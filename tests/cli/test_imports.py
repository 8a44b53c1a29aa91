"""What commands load before they do anything: it is most of the time of a short run."""

from __future__ import annotations

import subprocess
import sys

import pytest

DEPLOY = "cli.commands.deploy cli.runs.deploy cli.runs.run cli.runs.results cli.runs.database cli.runs.lint_findings"
HEAVY = "boto3 cfnlint ministack pg8000 pymysql multiprocessing"
LATER = "aurora_cfn.project.git aurora_cfn.template.resource_schema aurora_cfn.model.resource_drift"
REVIEWS = "aurora_cfn.review.changes aurora_cfn.review.deployed aurora_cfn.cost aurora_cfn.report.review"
OF_UPDATES = (
    "aurora_cfn.deploy.snapshots aurora_cfn.deploy.before_change aurora_cfn.model.rds_database aurora_cfn.model.review"
)
OF_AWS = (
    "aurora_cfn.aws.rds aurora_cfn.aws.drifts aurora_cfn.deploy.express aurora_cfn.deploy.watch.rds "
    "aurora_cfn.cli.runs.after_deploy aurora_cfn.cli.runs.plan_costs aurora_cfn.cli.terminal.live"
)

PROGRAM = """
import importlib, sys
for name in sys.argv[1].split():
    importlib.import_module(f"aurora_cfn.{name}")
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("modules", "never", "most"),
    [
        ("cli", f"{HEAVY} botocore troposphere yaml aurora_cfn.model", 12),
        # Of a new stack there are no changes to review and no data to save, and the emulator costs nothing.
        (DEPLOY, f"{HEAVY} troposphere {REVIEWS} {OF_UPDATES} {OF_AWS}", 186),
        # The checks before a deployment compare nothing with what is deployed, unless there is a stack.
        ("cli.runs.preflight", f"{HEAVY} troposphere {REVIEWS} aurora_cfn.template.overlay", 180),
        ("cli.commands.sql cli.runs.database", f"{HEAVY} botocore troposphere {REVIEWS} aurora_cfn.report.plan", 110),
        ("cli.commands.logs cli.runs.logs cli.runs.database aws.cloudformation", f"{HEAVY} troposphere {LATER}", 114),
        ("cli.commands.status cli.runs.status", "troposphere", 268),
        ("cli.commands.render cli.runs.render", f"{HEAVY} botocore {REVIEWS} aurora_cfn.deploy aurora_cfn.aws", 60),
        ("blueprints", f"{HEAVY} troposphere", 4),
    ],
)
def test_only_what_runs_is_imported(modules: str, never: str, most: int) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, modules], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & set(never.split())
    assert len([name for name in loaded if name.startswith("aurora_cfn")]) <= most
