"""The floors of the house, and who may touch which third party, read from the syntax tree."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
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
    "boto3": {"handlers"}, "botocore": {"aws", "handlers"}, "urllib3": {"aws"}, "pg8000": {"aws", "handlers"},
    "cryptography": {"certificates"},
    "click": {"cli"}, "cfnlint": {"lint"}, "yaml": {"yamltext"},
    "ministack": {"local"}, "psycopg2": {"local"}, "scramp": {"local"}, "filelock": {"local"},
    "pymysql": {"aws", "local", "handlers"},
    "platformdirs": {"local", "project"},
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
CODES = {
    code
    for name, value in vars(errors).items()
    if name.isupper() and not name.startswith("EXIT_")
    for code in ([value] if isinstance(value, str) else value)
}
ANY_CODE = re.compile(r"(\w+\.)*\w+(Exception|Fault|NotFound|Denied|Exceeded|Unavailable|AlreadyExists|OwnedByYou)")
"""How codes of AWS end, so that one that is not in `errors` is found too."""
FUNCTION = re.compile(r"Fn::[A-Za-z]+")
EDGE_PACKAGES = {"cli", "project", "aws", "local", "handlers", "__main__"}
ALLOWED_ROOM_FOR = 300


@dataclass(frozen=True, slots=True)
class Source:
    """What one walk through the syntax tree of a module finds."""

    name: str  # "deploy/watch/pace.py"
    room: str
    lines: int
    imports: tuple[str, ...]
    loads: tuple[tuple[str, str], ...]  # ("aurora_cfn.aws", "s3")
    touched: tuple[str, ...]  # "print in line 3": what belongs into the edge rooms
    writes: bool  # calls one of WRITERS
    literals: tuple[tuple[str, int], ...]  # statuses and error codes, each with its line
    functions: bool  # spells Ref or Fn::


@functools.cache
def modules() -> Sequence[Path]:
    return sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@functools.cache
def source(path: Path) -> Source:
    text = path.read_text()
    tree = ast.parse(text)
    imported: list[str] = []
    touched: list[str] = []
    writes = False
    literals: list[tuple[str, int]] = []
    functions = False
    for node in ast.walk(tree):
        match node:
            case ast.Import() | ast.ImportFrom():
                imported += imports(node)
            case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)):
                writes |= name in WRITER_ENDS and ast.unparse(node.func).removesuffix("lines") in WRITERS
                if isinstance(node.func, ast.Name) and name in EDGE_NAMES:
                    touched.append(f"{name} in line {node.lineno}")
            case ast.Attribute(value=ast.Name(owner), attr=attribute) if (owner, attribute) in EDGE_ATTRIBUTES:
                touched.append(f"{owner}.{attribute} in line {node.lineno}")
            case ast.Constant(value=str(value)) if value in STATUSES or is_code(value):
                literals.append((value, node.lineno))
            case ast.Constant(value=str(value)):
                functions |= value == "Ref" or FUNCTION.fullmatch(value) is not None
    return Source(
        name=str(path.relative_to(ROOT)),
        room=room(path),
        lines=len(text.splitlines()),
        imports=tuple(imported),
        loads=tuple(loads(tree)),
        touched=tuple(touched),
        writes=writes,
        literals=tuple(literals),
        functions=functions,
    )


def is_code(text: str) -> bool:
    return text in CODES or ANY_CODE.fullmatch(text) is not None


def sources(of: str | None = None) -> list[Source]:
    """All modules, or those of one room."""
    return [source(path) for path in modules() if of is None or room(path) == of]


def imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    yield node.module or ""
    if node.module == "aurora_cfn":
        yield from (f"aurora_cfn.{alias.name}" for alias in node.names)


def loads(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each import, in functions and for types too: the module and the name, which may be a module in it, or is ""."""
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            inside = getattr(node, part, ())
            nodes += inside if isinstance(inside, list) else ()  # the body of a lambda is one expression


each_room = pytest.mark.parametrize("of", sorted({room(path) for path in modules()}))


@each_room
def test_modules_import_only_lower_floors_or_their_own_room(of: str) -> None:
    wrong = [
        (each.name, name)
        for each in sources(of)
        for name in each.imports
        if name.startswith("aurora_cfn.") and name != "aurora_cfn.__version__"
        if (theirs := name.split(".")[1]) != of and FLOORS[theirs] >= FLOORS[of]
    ]
    assert not wrong


@each_room
def test_each_third_party_has_one_owner(of: str) -> None:
    tops = {(each.name, name.partition(".")[0]) for each in sources(of) for name in each.imports}
    assert not {(name, top) for name, top in tops if of not in OWNERS.get(top, {of})}


@pytest.mark.parametrize("of", sorted({room(path) for path in modules()} - EDGE_PACKAGES))
def test_files_the_clock_and_the_shell_are_used_only_at_the_edges(of: str) -> None:
    assert not {each.name: each.touched for each in sources(of) if each.touched}


UNMASKED = {
    "cli/terminal/messages.py": "write_stdout and write_stderr, which mask",
    "cli/__init__.py": "the version",
    "cli/commands/outputs.py": "what --reveal asks for",
    "cli/runs/connect.py": "the address of the database, and with --show-password its password",
    "cli/runs/background_tunnel.py": "the address of the database, which a client needs whole",
    "cli/terminal/rows.py": "rows of the database, which are data that was asked for",
}
"""Modules of the command line that write without `masked`, and what: anything else there may repeat a secret."""
WRITERS = {"click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write", "click.echo_via_pager"}


WRITER_ENDS = {name.rpartition(".")[2] for name in WRITERS} | {"writelines"}


def test_the_docstring_of_the_package_lists_every_room_with_its_floor() -> None:
    rows = re.findall(r"^    ([a-z_]+)/? +(\d) ", aurora_cfn.__doc__ or "", re.MULTILINE)
    assert {name: int(floor) for name, floor in rows} == {
        name: floor for name, floor in FLOORS.items() if not name.startswith("__")
    }
    assert [floor for _, floor in rows] == sorted(floor for _, floor in rows)


def test_each_owner_of_a_third_party_uses_it() -> None:
    used = {(name.partition(".")[0], each.room) for each in sources() for name in each.imports}
    assert {(top, room) for top, rooms in OWNERS.items() for room in rooms} <= used


def test_the_command_line_writes_masked_text() -> None:
    found = {each.name for each in sources() if each.room in {"cli", "__main__"} and each.writes}
    assert found == UNMASKED.keys()


def test_only_the_command_line_knows_the_registry_and_aws() -> None:
    wrong = [
        (each.name, name)
        for each in sources()
        for name in each.imports
        if name.startswith(("aurora_cfn.blueprints", "aurora_cfn.aws"))
        and each.room not in {"cli", "__main__", "__init__", name.split(".")[1]}
    ]
    assert not wrong


def test_modules_stay_small_enough_to_read() -> None:
    long = {each.name: each.lines for each in sources() if each.lines > ALLOWED_ROOM_FOR}
    assert not long, "split them, or argue for them here"


STOREYS: Mapping[str, Sequence[frozenset[str]]] = {
    "deploy": (
        frozenset({"stack_status", "uploads", "failed_operations", "desired", "nested_stacks"}),
        frozenset({"watch.pace", "watch.rds", "watch.events", "watch.poller"}),
        frozenset({"context"}),
        frozenset({"preflight", "snapshots", "plan.file"}),
        frozenset(
            {
                "failure",
                "large_template",
                "ownership",
                "leftover_change_sets",
                "main_thread",
                "write_calls",
                "stack_policy",
                "stack_result",
            }
        ),
        frozenset({"watch", "schedule"}),
        # One step of a deployment each.
        frozenset(
            {
                "before_change",
                "express",
                "prepare",
                "preview",
                "resume",
                "execute",
                "delete_stack",
            }
        ),
        # From the stack that is wanted to its result.
        frozenset({"deploy_stack", "recover"}),
        frozenset(
            {"destroy", "drift", "orphans", "adopt", "import_resources", "refactor_rules", "as_deployed", "plan"}
        ),
        frozenset({"refactor"}),
    ),
    "cli": (
        frozenset({"command_list"}),
        frozenset({"terminal"}),
        frozenset({"options", "deploy_options", "times", "database_options"}),
        frozenset({"runs"}),
        frozenset({"commands"}),
        frozenset({""}),
    ),
}
"""The floors inside of two rooms, lowest first: a module with its own entry stands there, else its folder does."""
SAME_NAME = 3


@functools.cache
def modules_by_name() -> Mapping[str, Path]:
    names = {}
    for path in modules():
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


@functools.cache
def imported_modules(name: str) -> Set[str]:
    """Modules of ours that it imports, in functions and for types too."""
    known = modules_by_name()
    wholes = ((f"{module}.{part}", module) for module, part in source(known[name]).loads)
    return {whole if whole in known else module for whole, module in wholes} & known.keys() - {name}


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
        for other in imported_modules(name)
        if other in inside and storeys[other] > storeys[name]
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle_not_even_for_types() -> None:
    known = modules_by_name()
    edges = {name: imported_modules(name) for name in known}
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


def test_a_stack_status_is_spelled_only_in_the_table() -> None:
    wrong = [
        f"{each.name}: {text} in line {line}"
        for each in sources()
        if each.room not in PORTS_TO_AWS and each.name not in STATUS_HOMES
        for text, line in each.literals
        if text in STATUSES
    ]
    assert not wrong


def test_an_aws_error_code_is_spelled_only_in_errors() -> None:
    wrong = [
        f"{each.name}: {text} in line {line}"
        for each in sources()
        if each.room not in {"local", *INLINE} and each.name not in CODE_HOMES
        for text, line in each.literals
        if is_code(text)
    ]
    assert not wrong


def test_handlers_import_only_what_is_in_lambda_or_in_their_zip() -> None:
    there = set(sys.stdlib_module_names) | {"boto3", "botocore", "pg8000", "pymysql"}
    wrong = []
    for path in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            wrong += [(path.name, name) for name in names if name.partition(".")[0] not in there]
    assert not wrong


FUNCTION_ROOMS = {
    "template": "evaluates them",
    "yamltext": "writes them as YAML tags, and reads those",
    "blueprints": "writes templates",
    "local": "mends ministack, which evaluates them for itself",
}
FUNCTION_MODULES = {
    "cli/runs/named_resources.py": "places where a macro may stand",
    "deploy/desired.py": "whether a macro stands anywhere",
    "deploy/refactor_rules.py": "which exports a stack imports",
    "lint/faster_rules.py": "takes cfn-lint's place, which compares what is written",
    "lint/found.py": "what a reference refers to",
    "lint/rules/template_limits.py": "limits of text as it is written",
    "lint/variant.py": "follows Fn::If by its condition, so that a problem has the place of its branch",
    "lint/variants.py": "the literals that a parameter is compared with",
    "report/diagram.py": "imports are arrows",
    "report/review/words.py": "a value that only AWS knows, in words",
    "review/compare.py": "mappings that only grew",
    "review/not_judged.py": "names the macros that were not expanded",
    "sql/stack_databases.py": "whether an output is the ARN of the only cluster",
}
"""Modules beside those rooms that spell an intrinsic function, and what for: none of them evaluates it."""


def test_an_intrinsic_function_is_spelled_only_where_it_is_not_evaluated() -> None:
    found = {each.name for each in sources() if each.functions and each.room not in FUNCTION_ROOMS}
    assert found == FUNCTION_MODULES.keys()


def test_an_exit_code_is_a_number_only_in_errors() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if path.name != "errors.py" or path.parent != ROOT
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
        for target in node.targets
        if isinstance(target, ast.Name) and (target.id == "exit_code" or target.id.startswith("EXIT_"))
    ]
    assert not wrong
