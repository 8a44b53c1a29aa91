"""How whole commands grow with a project: `render` with blueprints, `deploy --plan` with stacks that exist.

The plan speaks to a loopback endpoint with CloudFormation in memory, in this process: its CPU is not the command's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from aurora_cfn.model.ownership import ENVIRONMENT as OWNER
from aurora_cfn.model.ownership import PROJECT
from aurora_cfn.model.stack import StackResource
from tests.bench.growth import Growth
from tests.bench.measure import AURORA, ENVIRONMENT
from tests.bench.peers.timed import Run, timed
from tests.bench.projects import params, template
from tests.cli.project import KEYS
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving

STACKS = (10, 100, 1000)
BLUEPRINT = '''"""Settings of part {0}."""

from troposphere import Ref
from troposphere.ssm import Parameter as Setting

from aurora_cfn import Blueprint, Parameter

BLUEPRINT = Blueprint(
    name="part{0}",
    description="Settings of part {0}.",
    parameters=(Parameter("Title", "What it is called.", default="one"),),
    resources=lambda: [Setting(f"Setting{{number}}", Type="String", Value=Ref("Title")) for number in range(10)],
    outputs=list,
)
'''

INSTANCE = """  Writer:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-postgresql, DBInstanceClass: db.serverless, DBClusterIdentifier: !Ref Cluster}
"""
_RESOURCE = re.compile(r"^  (\w+):\n    Type: (AWS::[\w:]+)", re.MULTILINE)


def command_rows(folder: Path) -> Iterator[Growth]:
    """One row a command."""
    yield _growth("render, blueprints", folder / "render", _rendered)
    yield _growth("plan, stacks", folder / "plan", _planned)


def _growth(name: str, folder: Path, measured: Callable[[Path, int], Run]) -> Growth:
    runs = [measured(folder / str(size), size) for size in STACKS]
    return Growth(name, STACKS, [run.cpu for run in runs], runs[-1].memory)


def _rendered(folder: Path, size: int) -> Run:
    (folder / "blueprints").mkdir(parents=True)
    for number in range(size):
        (folder / "blueprints" / f"part{number}.py").write_text(BLUEPRINT.format(number))
    # The first one compiles the modules, as an installed program has them.
    timed([*AURORA, "render", "--all"], folder, ENVIRONMENT)
    return timed([*AURORA, "render", "--all"], folder, ENVIRONMENT)


def _planned(folder: Path, size: int) -> Run:
    for part in ("templates", "params"):
        (folder / part).mkdir(parents=True)
    text = template(9) + INSTANCE
    (folder / "templates" / "service.yaml").write_text(text)
    (folder / "params" / "bench.yaml").write_text(params(size))
    with serving(Endpoint(_deployed(size, text))) as endpoint:
        command = [*AURORA, "deploy", "--env", "bench", "--plan", "plan.json", "--no-preflight"]
        environment = ENVIRONMENT | KEYS | {"AWS_ENDPOINT_URL": endpoint.url}
        environment |= {"AURORA_CFN_CACHE": str(folder / "cache")}
        timed([*AURORA, "lint", "--env", "bench"], folder, environment)
        return timed(command, folder, environment)


def _deployed(size: int, text: str) -> FakeCloudFormation:
    """So many stacks, each with another capacity than the params file says."""
    cloudformation = FakeCloudFormation(FakeClock(), seconds=0, at_once=True)
    values = {"EnvironmentName": "bench", "MaxCapacity": "1", "RetentionDays": "30", "VpcId": "vpc-1"}
    cloudformation.tags = {PROJECT: str(size), OWNER: "bench"}
    for number in range(size):
        stack = cloudformation.put(f"service{number:04d}-bench", "CREATE_COMPLETE", text, parameters=values)
        for name, kind in _RESOURCE.findall(text):
            cloudformation.put_resource(stack, StackResource(name, kind, "CREATE_COMPLETE", f"{name}-{number}"))
    return cloudformation
