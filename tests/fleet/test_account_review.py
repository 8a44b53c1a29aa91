"""What a change does to each stack of a StackSet, by client, account and region, before it starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.fleet.account_review import SetReview, place_of, refuse_unreviewed
from aurora_cfn.fleet.client_rows import instance_rows
from aurora_cfn.fleet.set_definition import client_entry, set_definition, shared_entry
from aurora_cfn.model.environment import AllowedReplacement, Environment, Fleet
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack_set import StackInstance, StackSet
from aurora_cfn.review.consent import Consent
from aurora_cfn.template.summary import TemplateSummary, summary_of
from aurora_cfn.yamltext import read_template

TEXT = """\
Parameters: {ClientName: {Type: String}, Name: {Type: String, Default: orders}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${Name}-${ClientName}"}
"""
CLIENTS = (AccountClient("acme", ("eu-west-1",), "111111111111"), AccountClient("globex", ("eu-west-1",), "2" * 12))
BEFORE = StackSet("shops", TEXT, {"ClientName": "acme", "Name": "orders"})
ROW = StackInstance("2" * 12, "eu-west-1", "CURRENT", overrides={"ClientName": "globex"}, stack_id="x/StackSet-shops/1")


def review(*allow: str) -> SetReview:
    return SetReview("templates/shop.yaml", "fleet", Consent(allow, (), date(2026, 11, 29)))


@pytest.mark.parametrize(("allow", "refused"), [((), 1), (("acme.Queue",), 1), (("globex.Queue",), 0), (("Queue",), 0)])
def test_a_replacement_is_reviewed_with_the_overrides_and_allowed_by_client(
    allow: tuple[str, ...], refused: int
) -> None:
    found = review(*allow).of(ROW, "globex", BEFORE, (TEXT, {"ClientName": "globex", "Name": "tasks"}, {}))
    assert found.name == f"globex {'2' * 12} eu-west-1"
    queue = next(row for row in found.changes if row.logical_id == "Queue")
    assert (queue.effects[0].before, queue.effects[0].after) == ("orders-globex", "tasks-globex")
    assert len(found.refusals) == refused


@pytest.mark.parametrize(
    ("client", "until", "refused"),
    [("", "2026-11-29", 0), ("globex", "2026-12-31", 0), ("acme", "2026-12-31", 1), ("", "2026-11-28", 1)],
)
def test_a_line_of_the_file_allows_it_up_to_its_day(client: str, until: str, refused: int) -> None:
    line = AllowedReplacement("Queue", until, "empty", 9, client)
    allowing = replace(review(), fleet=Fleet("shops", "shop", ("eu-west-1",), allow_replace=(line,)))
    found = allowing.of(ROW, "globex", BEFORE, (TEXT, {"ClientName": "globex", "Name": "tasks"}, {}))
    assert len(found.refusals) == refused


def test_a_deletion_says_what_becomes_of_the_data() -> None:
    (queue,) = [row for row in review().of_deletion(ROW, BEFORE) if row.stateful]
    assert "the queue is deleted, and with it the messages" in queue.effects[0].sentence


def test_what_is_not_current_is_unknown_and_named() -> None:
    unknown = replace(ROW, status="OUTDATED")
    refuse_unreviewed([ROW], CLIENTS, ())
    refuse_unreviewed([unknown], CLIENTS, ("globex",))
    with pytest.raises(GuardError, match=f"globex {'2' * 12} eu-west-1: .* --without-review globex"):
        refuse_unreviewed([unknown], CLIENTS, ("acme",))


def test_rows_show_what_is_missing_and_what_is_in_no_client() -> None:
    stranger = StackInstance("3" * 12, "eu-west-1", "OUTDATED", "FAILED", "no capacity")
    assert place_of(stranger, CLIENTS) == f"{'3' * 12} eu-west-1"
    rows = instance_rows((ROW, stranger), FleetAccounts(CLIENTS)).rows
    assert rows == (
        ("3" * 12, "3" * 12, "eu-west-1", "outdated (failed)", False, None, "no capacity"),
        ("acme", "1" * 12, "eu-west-1", "missing", True, None, None),
        ("globex", "2" * 12, "eu-west-1", "current", True, "StackSet-shops", None),
    )


def shop(text: str = TEXT) -> TemplateSummary:
    value = read_template(text, "shop.yaml").value
    assert isinstance(value, dict)
    return summary_of("shop", value)


def environment(accounts: FleetAccounts) -> Environment:
    fleet = Fleet("shops", "shop", ("eu-west-1",), {"Name": "orders"}, accounts=accounts)
    return Environment("fleet", "params/fleet.yaml", "eu-west-1", (), tags={"Team": "x"}, fleet=fleet)


def test_the_definition_has_a_value_for_what_each_client_overrides_and_the_tags_of_its_owner() -> None:
    accounts = FleetAccounts(CLIENTS, execution_role="Executor")
    entry = shared_entry(environment(accounts), shop())
    assert entry.parameters == {"Name": "orders"}
    assert client_entry(entry, CLIENTS[1], shop()).parameters == {"Name": "orders", "ClientName": "globex"}
    found = set_definition(entry, accounts, shop(), TEXT, {"Name": "orders"}, Ownership("p", "fleet"))
    assert found.parameters == {"Name": "orders", "ClientName": "acme"}
    assert found.tags == {"Team": "x", "aurora-cfn:project": "p", "aurora-cfn:environment": "fleet"}
    assert (found.execution_role, found.capabilities) == ("Executor", ())
    # Accounts that join a unit have no overrides.
    joining = replace(accounts, automatic=True)
    with pytest.raises(InputError, match="the template needs ClientName"):
        set_definition(entry, joining, shop(), TEXT, {}, Ownership("p", "fleet"))


def test_code_that_the_accounts_cannot_read_is_refused() -> None:
    code = TEXT + "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./nested.yaml}}\n"
    with pytest.raises(InputError, match=r"params/fleet.yaml:1: the template shop has code or files"):
        shared_entry(environment(FleetAccounts(CLIENTS)), shop(code))
