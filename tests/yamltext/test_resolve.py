"""Aliases and merge keys are written out: what a template means stays, and so do its comments where they can."""

from __future__ import annotations

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.yamltext import read_template, resolved

SHARED = "Metadata:\n  x: &x  # shared\n    A: 1  # one\n    B:\n      - a\n      - b\n"

CASES = {
    "an alias of a block under a key": (
        f"{SHARED}Resources:\n  Z: *x  # here\n",
        "Resources:\n  Z:  # shared  # here\n    A: 1  # one\n    B:\n      - a\n      - b\n",
    ),
    "an alias deeper than its anchor": (
        f"{SHARED}Resources:\n  Y:\n    Z: *x\n",
        "Resources:\n  Y:\n    Z:  # shared\n      A: 1  # one\n      B:\n        - a\n        - b\n",
    ),
    "an alias in a list of lines": (
        f"{SHARED}Resources:\n  Z:\n    - *x\n    - c\n",
        "Resources:\n  Z:\n    - A: 1  # one\n      B:\n        - a\n        - b\n    - c\n",
    ),
    "an alias between brackets": (f"{SHARED}Resources: [*x, 1]\n", "Resources: [{A: 1, B: [a, b]}, 1]\n"),
    "a merge key": (
        f"{SHARED}Resources:\n  Z:\n    <<: *x  # all of it\n    B: own\n",
        "Resources:\n  Z:\n    # all of it\n    A: 1\n    B: own\n",
    ),
    "a merge key that adds nothing": (
        f"{SHARED}Resources:\n  Z:\n    <<: *x\n    A: 2\n    B: own\n",
        "Resources:\n  Z:\n    A: 2\n    B: own\n",
    ),
    "a merge key of several mappings": (
        f"{SHARED}  y: &y {{A: 9, C: !Sub '${{A}}'}}\nResources:\n  Z:\n    <<: [*y, *x]\n",
        "Resources:\n  Z:\n    A: 9\n    C: !Sub '${A}'\n    B:\n      - a\n      - b\n",
    ),
    "a merge key between braces": (
        f"{SHARED}Resources: {{<<: *x, C: 3}}\n",
        "Resources: {A: 1, B: [a, b], C: 3}\n",
    ),
    "a scalar with a tag": (
        "Metadata:\n  x: !Sub &x '${A}-b'\nResources:\n  Z: *x  # here\n",
        "Resources:\n  Z: !Sub '${A}-b'  # here\n",
    ),
    "an intrinsic over lines": (
        "Metadata:\n  x: &x !If\n    - P\n    - 1\n    - 2\nResources:\n  Y:\n    Z: *x\n",
        "Resources:\n  Y:\n    Z: !If\n      - P\n      - 1\n      - 2\n",
    ),
    "a text of several lines": (
        "Metadata:\n  x: &x |\n    one\n      two\nResources:\n  Y:\n    Z: *x\n    N: 1\n",
        "Resources:\n  Y:\n    Z: |\n      one\n        two\n    N: 1\n",
    ),
    "a list at the column of its key": (
        "Metadata:\n  x: &x\n  - K: a\n    V: b\nResources:\n  Y:\n    Z: *x\n",
        "Resources:\n  Y:\n    Z:\n    - K: a\n      V: b\n",
    ),
    "an anchor that is defined again": (
        "Metadata:\n  x: &x 1\n  y: *x\n  z: &x 2\nResources:\n  Z: *x\n",
        "Resources:\n  Z: 2\n",
    ),
    "an alias as a key": ("Metadata:\n  x: &x K\nResources:\n  *x : 1\n", "Resources:\n  K: 1\n"),
}


@pytest.mark.parametrize(("text", "end"), CASES.values(), ids=CASES)
def test_an_alias_becomes_what_it_means(text: str, end: str) -> None:
    found, commented = resolved(text, "t.yaml")
    assert (found[found.index("Resources:") :], commented) == (end, True)
    assert not read_template(found, "t.yaml").aliases
    assert read_template(found, "t.yaml").value == read_template(text, "t.yaml").value


def test_the_rest_of_the_file_stays_as_it_is() -> None:
    text = (
        f"# top\nFormat: '1'   # odd spaces\n\n{SHARED}\nResources:\n  Z: *x\n\n  # between\n  N: !GetAtt A.B\n# end\n"
    )
    found, _ = resolved(text, "t.yaml")
    assert found.startswith("# top\nFormat: '1'   # odd spaces\n\nMetadata:\n  x:  # shared\n    A: 1  # one\n")
    assert found.endswith("\n\n  # between\n  N: !GetAtt A.B\n# end\n")


@pytest.mark.parametrize("text", ["A: 1  # one\n", '{"A": {"Ref": "B"}}', ""])
def test_a_text_without_aliases_is_not_touched(text: str) -> None:
    assert resolved(text, "t.yaml") == (text, True)


def test_where_the_text_cannot_be_copied_the_values_are_written() -> None:
    # The text ends in two line ends, which only `+` keeps, and its copy would lose.
    text = "Metadata:\n  x: &x |+\n    one\n\nResources:\n  Z: *x\n  N: 1  # note\n"
    found, commented = resolved(text, "t.yaml")
    assert read_template(found, "t.yaml").value == read_template(text, "t.yaml").value
    assert (commented, "# note" in found) == (False, False)


def test_what_is_no_template_is_refused() -> None:
    with pytest.raises(InputError, match="names an anchor that does not exist"):
        resolved("A: *x\n", "t.yaml")


def test_aliases_are_known_by_their_lines() -> None:
    assert read_template(f"{SHARED}Resources:\n  Z:\n    <<: *x\n    C: *x\n", "x").aliases == (9, 10)
