"""Why databases are awake, in words, rows and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.model.awake import AwakeReport, Reason, SavedPauses
from aurora_cfn.report.awake import awake_json, awake_lines, awake_rows, state_text
from tests.fakes.clock import START

PROXY = Reason("blocks", "RDS Proxy p keeps a connection", "no proxy")
AWAKE = AwakeReport(
    "db-dev", "c", "awake", START, START - timedelta(days=1), START - timedelta(hours=2, minutes=4), 300,
    (PROXY, Reason("resumed", "09:18 \x1b[31m")), SavedPauses(5, 11, 0, 1.54, "2026-09-19"),
)  # fmt: skip


def test_the_lines_of_a_report() -> None:
    assert awake_lines(AWAKE, 100) == [
        "c: awake since 2026-11-21 09:56 UTC (2h04m); cannot pause",
        "  BLOCKS   RDS Proxy p keeps a connection; to change it: no proxy",
        "  resumed  09:18 \\x1b[31m",
        "  in the last 24h00m it could have paused 5 times: about 11.0 ACU-hours, 1.54 USD at the list price",
        "           of 2026-09-19",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (replace(AWAKE, reasons=()), "may pause after 5m00s without a connection"),
        (replace(AWAKE, reasons=(), since=None), "awake for all of the last 24h00m"),
        (replace(AWAKE, state="unknown", reasons=()), "not known, CloudWatch has no capacity"),
        (replace(AWAKE, state="never"), "cannot pause"),
        (replace(AWAKE, state="never", reasons=()), "does not pause"),
        (replace(AWAKE, state="paused", reasons=()), "paused since 2026-11-21 09:56 UTC"),
    ],
)
def test_the_state_in_words(report: AwakeReport, text: str) -> None:
    assert text in state_text(report)


def test_open_connections_make_the_saving_an_upper_bound() -> None:
    report = replace(AWAKE, saved=SavedPauses(1, 2.5, 2))
    assert "1 time: at most 2.5 ACU-hours, if the 2 connections that stayed open did no work" in " ".join(
        line.strip() for line in awake_lines(report, 200)
    )


def test_rows_and_json_have_every_reason() -> None:
    alone = replace(AWAKE, reasons=(), saved=None)
    assert [row[3] for row in awake_rows([AWAKE, alone]).rows] == ["blocks", "resumed", ""]
    first, second = json.loads(awake_json([AWAKE, alone]))
    assert (first["blocked"], first["reasons"][0]["remedy"], first["could_have_saved"]["usd"]) == (
        True,
        "no proxy",
        1.54,
    )
    assert (second["could_have_saved"], second["pause_after_seconds"]) == (None, 300)
