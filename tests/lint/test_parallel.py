from __future__ import annotations

import pickle
from datetime import date

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.lint.parallel import lint_in_parallel
from aurora_cfn.lint.subject import Subject

TODAY = date(2026, 11, 28)
GOOD = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"
BAD = "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {Nothing: 1}}\n"


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_subjects(processes: int) -> None:
    subjects = [Subject("a", GOOD), Subject("b", BAD), Subject("c", GOOD), Subject("d", BAD)]
    found = list(lint_in_parallel(subjects, today=TODAY, processes=processes))
    assert [{row.path for row in rows} for rows in found] == [set(), {"b"}, set(), {"d"}]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_no_template_is_one_complaint_from_another_process_too(processes: int) -> None:
    subjects = [Subject("a", GOOD), Subject("b", "- 1"), Subject("c", GOOD)]
    with pytest.raises(InputError, match="not a template") as caught:
        list(lint_in_parallel(subjects, today=TODAY, processes=processes))
    assert [(row.path, row.line) for row in caught.value.complaints] == [("b", 1)]


def test_an_input_error_survives_the_way_between_processes() -> None:
    with pytest.raises(InputError) as caught:
        list(lint_in_parallel([Subject("b", "- 1")], today=TODAY))
    assert pickle.loads(pickle.dumps(caught.value)).complaints == caught.value.complaints
