"""The floors of the house, and who may touch which third party, read from the syntax tree."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import aurora_cfn
from aurora_cfn import errors
from aurora_cfn.deploy.stack_status import STATUSES

ROOT = Path(aurora_cfn.__file__).parent
FLOORS = {
    "errors": 0, "model": 0, "facts": 0, "starter": 0,
    "yamltext": 1, "sqltext": 1, "certificates": 1, "parameters": 1, "ports": 1,
    "blueprint": 2, "template": 2,
    "blueprints": 3, "render": 3, "environment": 3, "lint": 3, "review": 3, "cost": 3,
    "report": 3, "packaging": 3, "vpn": 3,
    "project": 4, "iam": 4,
    "deploy": 5, "sql": 5, "aws": 5, "local": 5, "handlers": 5,
    "operate": 6,
    "fleet": 7,
    "cli": 8,
    "__main__": 9,
    "__init__": 9,  # the public interface, which loads its parts only when they are used
}  # fmt: skip
OWNERS = {
    "boto3": {"aws", "handlers"}, "botocore": {"aws", "handlers"}, "pg8000": {"aws", "handlers"},
    "cryptography": {"certificates"},
    "click": {"cli"}, "cfnlint": {"lint"}, "yaml": {"yamltext"},
    "ministack": {"local"}, "psycopg2": {"local"}, "docker": {"local"}, "scramp": {"local"}, "filelock": {"local"},
    "pymysql": {"aws", "local", "handlers"},
    "platformdirs": {"local", "cli", "project"},
    "troposphere": {"blueprint", "blueprints", "parameters", "render"},
}  # fmt: skip
EDGE_NAMES = {"print", "open", "exit", "input"}
EDGE_ATTRIBUTES = {
    ("sys", "exit"),
    ("os", "environ"),
    ("os", "getenv"),
    ("time", "sleep"),
    ("time", "time"),
    ("time", "monotonic"),
}
EDGE_PACKAGES = {"cli", "project", "aws", "local", "handlers", "__main__"}
ALLOWED_ROOM_FOR = 300


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            if node.module == "aurora_cfn":
                yield from (f"aurora_cfn.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_lower_floors_or_its_own_room(path: Path) -> None:
    mine = room(path)
    wrong = []
    for name in imports(ast.parse(path.read_text())):
        if not name.startswith("aurora_cfn.") or name == "aurora_cfn.__version__":
            continue
        theirs = name.split(".")[1]
        if theirs != mine and FLOORS[theirs] >= FLOORS[mine]:
            wrong.append(name)
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_third_party_has_one_owner(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(ast.parse(path.read_text()))}
    assert not {top for top in tops if room(path) not in OWNERS.get(top, {room(path)})}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_world_is_touched_only_at_the_edges(path: Path) -> None:
    if room(path) in EDGE_PACKAGES:
        return
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EDGE_NAMES:
            found.append(f"{node.func.id} in line {node.lineno}")
        elif isinstance(node, ast.Attribute) and (ast.unparse(node.value), node.attr) in EDGE_ATTRIBUTES:
            found.append(f"{ast.unparse(node)} in line {node.lineno}")
    assert not found


UNMASKED = {
    "cli/terminal/messages.py": "write_stdout and write_stderr, which mask",
    "cli/__init__.py": "the version",
    "cli/commands/outputs.py": "what --reveal asks for",
    "cli/runs/connect.py": "the address of the database, and with --show-password its password",
    "cli/runs/keep_tunnel.py": "the address of the database, which a client needs whole",
    "cli/runs/sql.py": "rows of the database, which are data that was asked for",
}
"""Modules of the command line that write without `masked`, and what: anything else there may repeat a secret."""
WRITERS = {"click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write", "click.echo_via_pager"}


def test_the_command_line_writes_masked_text() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in modules()
        if room(path) in {"cli", "__main__"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removesuffix("lines") in WRITERS
    }
    assert found == UNMASKED.keys()


def test_only_the_command_line_knows_the_registry_and_aws() -> None:
    wrong = [
        (str(path.relative_to(ROOT)), name)
        for path in modules()
        for name in imports(ast.parse(path.read_text()))
        if name.startswith(("aurora_cfn.blueprints", "aurora_cfn.aws"))
        and room(path) not in {"cli", "__main__", "__init__", name.split(".")[1]}
    ]
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small_enough_to_read(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= ALLOWED_ROOM_FOR, f"{lines} lines: split it, or argue for it here"


STOREYS: Mapping[str, Sequence[frozenset[str]]] = {
    "deploy": (
        frozenset({"stack_status", "uploads", "failed_operations", "desired"}),
        frozenset({"watch.pace", "watch.turn", "watch.rds", "watch.events", "watch.poller"}),
        frozenset({"context"}),
        frozenset({"preflight", "snapshots", "plan.file"}),
        frozenset(
            {"failure", "large_template", "ownership", "leftover_change_sets", "main_thread", "orders", "stack_policy"}
        ),
        frozenset({"watch", "schedule"}),
        # One step of a deployment each.
        frozenset(
            {
                "as_deployed",
                "before_change",
                "express",
                "plan_notes",
                "prepare",
                "preview",
                "resume",
                "execute",
                "delete_stack",
            }
        ),
        # From the stack that is wanted to its result.
        frozenset({"deploy_stack", "recover"}),
        frozenset({"destroy", "drift", "orphans", "adopt", "import_resources", "refactor_rules", "tag_stack", "plan"}),
        frozenset({"refactor"}),
    ),
    "cli": (
        frozenset({"command_list"}),
        frozenset({"terminal"}),
        frozenset({"options", "deploy_options", "moments", "database_options"}),
        frozenset({"runs"}),
        frozenset({"commands"}),
        frozenset({""}),
    ),
}
"""The floors inside of two rooms, lowest first: a module with its own entry stands there, else its folder does."""
SAME_NAME = 3


def modules_by_name() -> Mapping[str, Path]:
    names = {}
    for path in modules():
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def imported_modules(name: str, known: Mapping[str, Path]) -> set[str]:
    """Modules of ours that it imports, in functions too, but for those that only types need."""
    found: set[str] = set()
    nodes: list[ast.AST] = [ast.parse(known[name].read_text())]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            wholes = (f"{node.module}.{alias.name}" for alias in node.names)
            found.update(whole if whole in known else node.module for whole in wholes)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        nodes.extend(ast.iter_child_nodes(node))
    return {other for other in found if other in known} - {name}


def storey(room_name: str, module: str) -> int:
    """The floor of `deploy.watch.pace` or `cli.runs.run` inside of its room."""
    inside = module.removeprefix(f"aurora_cfn.{room_name}").removeprefix(".")
    for key in (inside, inside.partition(".")[0]):
        for number, names in enumerate(STOREYS[room_name]):
            if key in names:
                return number
    raise AssertionError(f"{module} has no floor: give it one in STOREYS")


@pytest.mark.parametrize("room_name", STOREYS)
def test_inside_a_room_a_module_imports_only_its_own_floor_or_lower_ones(room_name: str) -> None:
    known = modules_by_name()
    prefix = f"aurora_cfn.{room_name}"
    inside = [name for name in known if name == prefix or name.startswith(f"{prefix}.")]
    # A room's own docstring stands in its `__init__`, which in `deploy` and `watch` imports nothing.
    inside = [name for name in inside if name not in {"aurora_cfn.deploy", "aurora_cfn.deploy.watch"}]
    storeys = {name: storey(room_name, name) for name in inside}
    wrong = [
        (name, other)
        for name in inside
        for other in imported_modules(name, known)
        if other in inside and storeys[other] > storeys[name]
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle_not_even_in_functions() -> None:
    known = modules_by_name()
    edges = {name: imported_modules(name, known) for name in known}
    left = dict(edges)
    while left:
        free = [name for name, others in left.items() if not others & left.keys()]
        if not free:
            break
        for name in free:
            del left[name]
    # What is left imports a circle, or is one: drop what nothing in it imports.
    while unused := left.keys() - {other for name in left for other in left[name]}:
        for name in unused:
            del left[name]
    assert not left


def test_no_module_is_named_like_another_one_and_ing() -> None:
    paths = set(modules())
    pairs = [
        str(path.relative_to(ROOT))
        for path in paths
        for ending in ("", "e")
        if path.stem.endswith("ing") and path.with_name(f"{path.stem[:-3]}{ending}.py") in paths
    ]
    assert not pairs


def test_a_file_name_stands_at_most_three_times() -> None:
    counts = Counter(path.name for path in modules() if path.name != "__init__.py")
    assert not {name: count for name, count in counts.items() if count > SAME_NAME}


STATUS_HOMES = {"deploy/stack_status.py", "model/stack.py"}
"""Statuses are spelled in the one table; `model` is below it, and knows the two in which nothing is deployed."""
CODE_HOMES = {"errors.py", "aws/buckets.py"}
"""Codes are spelled in `errors`; one port has a table of remedies by code."""
PORTS_TO_AWS = {"aws", "local"}
INLINE = {"handlers", "blueprints"}
"""Rooms with code that runs in Lambda, where nothing of ours can be imported."""


def literals(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_stack_status_is_spelled_only_in_the_table(path: Path) -> None:
    if room(path) in PORTS_TO_AWS or str(path.relative_to(ROOT)) in STATUS_HOMES:
        return
    assert not [f"{text} in line {line}" for text, line in literals(path) if text in STATUSES]


def codes() -> frozenset[str]:
    groups = (value for name, value in vars(errors).items() if name.isupper() and not name.startswith("EXIT_"))
    return frozenset(code for group in groups for code in ([group] if isinstance(group, str) else group))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_an_aws_error_code_is_spelled_only_in_errors(path: Path) -> None:
    if room(path) in {"local", *INLINE} or str(path.relative_to(ROOT)) in CODE_HOMES:
        return
    assert not [f"{text} in line {line}" for text, line in literals(path) if text in codes()]


def test_handlers_import_only_what_is_in_lambda_or_in_their_zip() -> None:
    there = set(sys.stdlib_module_names) | {"boto3", "botocore", "pg8000", "pymysql"}
    wrong = []
    for path in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            wrong += [(path.name, name) for name in names if name.partition(".")[0] not in there]
    assert not wrong
