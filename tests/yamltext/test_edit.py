"""One value set in a text: what changes, and that every other character stays."""

from __future__ import annotations

import pytest

from aurora_cfn.yamltext import with_setting

FILE = """\
region: eu-west-1   # here
stacks:
  db:   # the database
    template: x
    parameters:
      # why
      EngineVersion: "17.7"   # LTS
      MaxCapacity: 1 # last

  other:
    template: y
"""
PLACE = ("stacks", "db", "parameters", "EngineVersion")


@pytest.mark.parametrize(
    ("text", "place", "old", "new"),
    [
        (FILE, PLACE, '"17.7"   # LTS', '"18.6"   # LTS'),
        (FILE.replace('"17.7"', "17.7"), PLACE, "17.7   #", '"18.6"   #'),
        (FILE.replace(' "17.7"', ""), PLACE, "EngineVersion:   # LTS", 'EngineVersion: "18.6"   # LTS'),
        (FILE, (*PLACE[:-1], "Family"), "# last\n", '# last\n      Family: "18.6"\n'),
        (FILE, ("stacks", "other", "tags", "V"), "template: y\n", 'template: y\n    tags:\n      V: "18.6"\n'),
        ("a: {b: 1}\n", ("a", "c"), "1}", '1, c: "18.6"}'),
        ("a: {}\n", ("a", "c", "d"), "{}", '{c: {d: "18.6"}}'),
        ("a:\n  b: 1", ("a", "c"), "1", '1\n  c: "18.6"\n'),
        ("a: &x 1\nb: *x\n", ("b",), "*x", '"18.6"'),
        ('{"a": {"b": "1"}}', ("a", "b"), '"1"', '"18.6"'),
    ],
)  # fmt: skip
def test_only_the_place_changes(text: str, place: tuple[str, ...], old: str, new: str) -> None:
    assert old in text
    assert with_setting(text, place, "18.6") == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x 1\nb: *x\n", ("a",)),
        ("a: &x {c: 1}\nb: *x\n", ("a", "c")),
        ("a: &x {c: 1}\nb: *x\n", ("b", "c")),
        ("a: [1]\n", ("a", "0")),
        ("a: {b: 1}\n", ("a",)),
        ("a: 1\n", ()),
        ("", ("a",)),
    ],
)
def test_a_place_that_others_share_or_that_is_none_is_not_changed(text: str, place: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        with_setting(text, place, "18.6")
