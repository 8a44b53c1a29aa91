"""The same contents give the same bytes; other contents another key."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.packaging import Package, packed

names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
entries = st.dictionaries(names, st.binary(max_size=40), max_size=6)


@given(entries, st.randoms())
def test_the_order_of_the_contents_is_of_no_account(contents: dict[str, bytes], random: object) -> None:
    rows = list(contents.items())
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert packed(dict(rows)) == packed(contents)


@given(entries, entries)
def test_two_packages_share_a_key_exactly_when_they_share_their_contents(
    one: dict[str, bytes], other: dict[str, bytes]
) -> None:
    same = Package("t", packed(one)).key == Package("t", packed(other)).key
    assert same is (one == other)


@given(entries)
def test_what_goes_in_comes_out(contents: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(packed(contents))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents


def test_times_and_permissions_are_fixed() -> None:
    with ZipFile(BytesIO(packed({"a.py": b"x"}))) as archive:
        (entry,) = archive.infolist()
    assert (entry.date_time, entry.external_attr >> 16, entry.create_system) == ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
