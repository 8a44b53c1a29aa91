"""Two small blueprints, so that the loader's tests do not depend on the real ones."""

from __future__ import annotations

from troposphere import If, ImportValue, Output, Sub
from troposphere.ssm import Parameter as SsmParameter

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment import load
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment
from aurora_cfn.parameters import Check, Parameter, Values
from aurora_cfn.render import summaries

PATH = "params/dev.yaml"


def _order(values: Values) -> str | None:
    low, high = values["Low"], values["High"]
    return f"Low {low} is over High {high}" if float(low) > float(high) else None


def _awake(values: Values) -> str | None:
    return "the database never pauses" if values["Pause"] == "false" else None


def _zones(values: Values) -> str | None:
    return "one zone is too few for a database" if values["NetworkStackName.Zones"] == "1" else None


def _imported(output: str) -> ImportValue:
    return ImportValue(Sub(f"${{NetworkStackName}}-{output}"))


NETWORK = Blueprint(
    name="network",
    description="A network.",
    parameters=(
        Parameter("EnvironmentName", "Whose.", default="dev", pattern="^[a-z][a-z0-9-]{0,30}$"),
        Parameter("Zones", "How many zones.", default=2, type="Number", low=1, high=3, step=1),
        Parameter(
            "Endpoints", "Which endpoints.", default="", type="CommaDelimitedList", allowed=("", "ssm", "logs", "7")
        ),
    ),
    resources=lambda: [SsmParameter("Vpc", Type="String", Value="x")],
    outputs=lambda: [Output("VpcId", Value="x"), Output("SubnetIds", Value="y")],
)
DATABASE = Blueprint(
    name="database",
    description="A database.",
    parameters=(
        Parameter("EnvironmentName", "Whose.", default="dev", pattern="^[a-z][a-z0-9-]{0,30}$"),
        Parameter("Name", "What it is\ncalled.\n", pattern="^[a-z]+$", constraint="lower-case letters", max_length=10),
        Parameter("NetworkStackName", "Where.", default="", pattern="^$|^[A-Za-z][A-Za-z0-9-]{0,127}$"),
        Parameter("Low", "Least.", default=2, type="Number", low=0.5, high=256, step=0.5),
        Parameter("High", "Most.", default=4, type="Number", low=1, high=256, step=0.5),
        Parameter("Pause", "Whether it pauses.", default="true", allowed=("true", "false")),
        Parameter("Days", "Days of logs.", default="7", allowed=("7", "14")),
        Parameter("Password", "Of the master user.", default="", no_echo=True, min_length=0, max_length=8),
        Parameter("Version", "Of the engine.", default="17.7", pattern=r"^1[0-9]\.[0-9]+$"),
        Parameter("Note", "Anything.", default=""),
    ),
    resources=lambda: [SsmParameter("Cluster", Type="String", Value=If("InVpc", _imported("VpcId"), "none"))],
    outputs=lambda: [Output("Endpoint", Value="x")],
    checks=(
        Check(("Low", "High"), _order),
        Check(("Pause",), _awake, "warning"),
        Check(("NetworkStackName.Zones",), _zones),
    ),
)
TEMPLATES = summaries((NETWORK, DATABASE))

GOOD = """\
region: eu-west-1
stacks:
  network:
    template: network
  db:
    template: database
    parameters:
      Name: temporal
      NetworkStackName: {stack: network}
"""


def loaded(text: str, name: str = "dev") -> Environment:
    return load(text, PATH, name, TEMPLATES)


def complaints(text: str, name: str = "dev") -> tuple[Complaint, ...]:
    try:
        loaded(text, name)
    except InputError as error:
        return error.complaints
    return ()


def database(*lines: str) -> str:
    """A good file whose database has these parameters too; the first stands in line 7."""
    rows = "".join(f"      {line}\n" for line in lines)
    return f"region: eu-west-1\nstacks:\n  db:\n    template: database\n    parameters:\n      Name: temporal\n{rows}"
