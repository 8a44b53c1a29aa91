"""A template of one's own against one of ours of the same size, and the check of a large one against reading it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.deploying import STACK, delete
from tests.bench.measure import AURORA, Case

SIZE = 500
"""The most resources that CloudFormation takes in one template."""
OURS = Path("templates/aurora-serverless-postgres.yaml")
PARAMS = f"""endpoint: local
region: eu-west-1
stacks:
  aurora-serverless:
    template: own
    name: {STACK}
    parameters:
      {{EnvironmentName: bench, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, MonitoringInterval: 0}}
"""
LARGE_PARAMS = """region: eu-west-1
stacks:
  large:
    template: large
    parameters: {P1: a, P2: b, P3: c}
"""
# Both import the same, and work so often that the imports count for little.
IMPORTS = """
from pathlib import Path
from aurora_cfn.environment import load
from aurora_cfn.project import templates
from aurora_cfn.yamltext import read_template, reader
import aurora_cfn.template.side
def read(name):
    return Path(name).read_text(), name
for _ in range(40):
"""
# A text that was read before is kept.
PARSING = f"{IMPORTS}    reader._template.cache_clear()\n    read_template(*read('templates/large.yaml'))\n"
CHECKING = f"""{IMPORTS}    reader._template.cache_clear()
    templates.read_summary.cache_clear()
    load(*read('params/large.yaml'), 'large', templates.ProjectTemplates({{}}))
"""


def cases(folder: Path, address: str) -> Iterator[Case]:
    """Both cases; the emulator is the one of `deploy_cases`."""
    own = (folder / OURS).read_text().splitlines(keepends=True)
    # Without the comment at its top, a rendered template is one's own.
    (folder / "templates/own.yaml").write_text("".join(own[next(i for i, row in enumerate(own) if row[0] != "#") :]))
    (folder / "params").mkdir(exist_ok=True)
    (folder / "params/own.yaml").write_text(PARAMS)
    deploy = [*AURORA, "deploy", "--yes", "--env"]
    yield Case(
        "deploy, own against ours", [*deploy, "own"], [*deploy, "bench"], 1.1, folder, before=lambda: delete(address)
    )
    (folder / "templates/large.yaml").write_text(large())
    (folder / "params/large.yaml").write_text(LARGE_PARAMS)
    python = sys.executable
    yield Case("check of 500 resources", [python, "-c", CHECKING], [python, "-c", PARSING], 1.5, folder)


def large() -> str:
    """A template of SIZE resources with 60 parameters, in YAML."""
    parameters = {f"P{number}": {"Type": "String", "Default": "x", "MaxLength": 20} for number in range(1, 61)}
    lines = ["Parameters:"]
    lines += [f"  {name}: {json.dumps(row)}" for name, row in parameters.items()]
    lines.append("Resources:")
    for number in range(SIZE):
        lines += [
            f"  Queue{number}:",
            "    Type: AWS::SQS::Queue",
            "    DeletionPolicy: Delete",
            "    Properties:",
            f"      QueueName: !Sub '${{AWS::StackName}}-{number}'",
            "      MessageRetentionPeriod: 86400",
            "      Tags:",
            f"        - Key: Owner\n          Value: !Ref P{number % 60 + 1}",
        ]
    return "\n".join(lines) + "\n"
