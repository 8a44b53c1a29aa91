"""aurora-cfn: CloudFormation for Aurora Serverless, from Python to a running stack.

A blueprint (Python) is rendered to a template (text); an environment (params file) turns templates into desired stacks;
they are compared with what is deployed, which gives changes; the changes make a plan; the plan is executed.
Every noun is one type, every verb is one module. A module imports only lower floors, and `tests/test_architecture.py`
keeps it so:

    errors       0  AuroraCfnError and its children, each with its exit code; AWS's error codes by meaning
    model/       0  frozen values that travel between floors
    facts/       0  dated data (JSON) with typed readers
    starter/     0  the files that `init` writes
    yamltext/    1  text <-> values with lines; the only owner of YAML
    sqltext/     1  SQL as text: its tokens, where a statement ends, which parameters stand in it
    certificates 1  an authority and what it signs, for mutual TLS
    parameters   1  Parameter: one row of a blueprint's table; Check: what CloudFormation cannot compare
    ports/       1  Protocols of what the engines need from AWS, in our own types
    blueprint    2  Blueprint: the declaration of one template
    template/    2  any CloudFormation template with values: its functions evaluated, its Rules as checks
    blueprints/  3  one module a template, and the ordered BLUEPRINTS, imported when wanted
    render       3  Blueprint -> template text
    environment/ 3  params text + parameter tables -> Environment, every complaint at once
    lint/        3  template text -> findings
    review/      3  two sides -> changes with a verdict each, guard
    cost/        3  templates, values and list prices -> what stacks cost a month
    report/      3  model -> text, Markdown, JSON, SARIF, JUnit; builds strings, never prints
    packaging/   3  the functions' code as a zip, packed the same everywhere, and its place in a bucket
    vpn/         3  which certificates a VPN needs now, and the profile of a client
    project/     4  the repository: files, git revisions, user cache, private folders
    iam/         4  resource types, names and roles of an environment -> IAM policies that hold no more
    deploy/      5  plan, execute, watch, recover, destroy, drift; talks to ports only
    sql/         5  statements, parameters, waiting for a paused database; talks to ports only
    aws/         5  the ports on botocore, one file a service; besides the handlers the only caller of AWS
    handlers/    5  code of the Lambda functions, which stands alone in their zip
    local/       5  the embedded emulator: a loopback subprocess with real PostgreSQL behind it
    operate/     6  a deployed database: access, connections, logs, metrics, copies; talks to ports only
    fleet/       7  a database for each client, in several regions, or in a pool: states, waves; talks to ports only
    cli/         8  click: one verb a file, loaded lazily; the composition root

Vocabulary, one word a thing: blueprint (Python), template (text), environment (params file), stack (in AWS),
change set, change, verdict, plan, operation, event, finding, branch (a clone stack with an end), client (of a fleet).

The names in `__all__` are the interface for blueprints outside of this package, by semantic versioning: none is removed
and none changes its meaning before the next major version (before 1.0.0: the next minor one). Everything else may
change at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aurora_cfn.blueprint import Blueprint, ParameterGroup, blueprint_of, commented, exported, waived
    from aurora_cfn.blueprints import shipped
    from aurora_cfn.parameters import BOOLEAN, Check, Parameter, Values

__version__ = "0.2.0"

__all__ = [
    "BOOLEAN",
    "Blueprint",
    "Check",
    "Parameter",
    "ParameterGroup",
    "Values",
    "__version__",
    "blueprint_of",
    "commented",
    "exported",
    "shipped",
    "waived",
]

_HOMES = {
    "blueprint": ("Blueprint", "ParameterGroup", "blueprint_of", "commented", "exported", "waived"),
    "blueprints": ("shipped",),
    "parameters": ("BOOLEAN", "Check", "Parameter", "Values"),
}


def __getattr__(name: str) -> Any:
    """A name of the interface, on first use: `import aurora_cfn` alone must not load troposphere."""
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return globals()[name]
