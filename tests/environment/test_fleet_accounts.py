"""The section `fleet.accounts`: as a value, and every complaint with its line."""

from __future__ import annotations

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.stack_set import Preferences, Targets
from aurora_cfn.template.summary import summary_of
from aurora_cfn.yamltext import read_template
from tests.environment.toys import PATH, TEMPLATES, complaints, loaded

HEAD = """\
region: eu-west-1
stacks:
  network:
    template: network
fleet:
  name: clientdb
  template: database
  regions: [eu-west-1, eu-central-1]
  defaults: {Name: planets, Low: 2, High: 8}
  accounts:
"""
GOOD = f"""\
{HEAD}    execution_role: Executor
    operation:
      failure_tolerance: "10%"
      concurrency: "5"
      region_order: [eu-central-1, eu-west-1]
    clients:
      acme:
        account: "111111111111"
        parameters: {{High: 16}}
      globex:
        account: "222222222222"
        regions: [eu-west-1]
"""
SERVICE = f"""\
{HEAD}    permissions: service-managed
    call_as: delegated-admin
    auto_deployment: true
    clients:
      acme:
        account: "111111111111"
        organizational_unit: ou-ab12-11111111
      retail:
        organizational_unit: ou-ab12-22222222
        except: ["333333333333"]
"""
BOTH = ("eu-west-1", "eu-central-1")


def accounts(text: str) -> FleetAccounts:
    fleet = loaded(text).fleet
    assert fleet is not None
    assert fleet.accounts is not None
    return fleet.accounts


def test_self_managed_accounts_are_read() -> None:
    assert accounts(GOOD) == FleetAccounts(
        (
            AccountClient("acme", BOTH, "111111111111", parameters={"High": "16"}, line=17),
            AccountClient("globex", ("eu-west-1",), "222222222222", line=20),
        ),
        execution_role="Executor",
        preferences=Preferences("10%", "5", ("eu-central-1", "eu-west-1")),
    )


def test_service_managed_clients_are_accounts_of_units_or_whole_units() -> None:
    found = accounts(SERVICE)
    assert (found.permissions, found.call_as, found.automatic) == ("service-managed", "delegated-admin", True)
    assert found.preferences == Preferences(region_order=BOTH)
    assert [client.targets for client in found.clients] == [
        Targets(("111111111111",), ("ou-ab12-11111111",)),
        Targets(("333333333333",), ("ou-ab12-22222222",), only=False),
    ]


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "key", "said"),
    [
        (GOOD, '"111111111111"', "111111111111", 18, "clients.acme.account", "must be text, not a number"),
        (GOOD, '"111111111111"', '"1111"', 18, "clients.acme.account", "the twelve digits"),
        (GOOD, '"222222222222"', '"111111111111"', 21, "clients.globex.account", "is that of acme in eu-west-1"),
        (GOOD, "        account: \"222222222222\"\n", "", 20, "clients.globex", "the key account is missing"),
        (GOOD, "account: \"222222222222\"", "organizational_unit: ou-ab12-22222222", 21,
         "clients.globex.organizational_unit", "service-managed permissions alone"),
        (GOOD, "regions: [eu-west-1]", "regions: [eu-north-1]", 22, "clients.globex.regions.0", "one of the fleet's"),
        (GOOD, "[eu-central-1, eu-west-1]", "[eu-north-1]", 15, "operation.region_order.0", "one of the fleet's"),
        (GOOD, '"10%"', '"101%"', 13, "operation.failure_tolerance", "a number of accounts or a share"),
        (GOOD, 'concurrency: "5"', 'concurrency: "0"', 14, "operation.concurrency", "a number of accounts or a share"),
        (GOOD, "{High: 16}", "{High: 300}", 19, "clients.acme.parameters.High", "256"),
        (GOOD, "{High: 16}", "{High: 1}", 19, "clients.acme.parameters", "Low 2 is over High 1"),
        (GOOD, "{High: 16}", "{High: {ssm: /high}}", 19, "clients.acme.parameters.High", "is written out"),
        (GOOD, "{High: 16}", "{Hihg: 16}", 19, "clients.acme.parameters.Hihg", "unknown key"),
        (GOOD, "Name: planets, ", "", 17, "clients.acme", "the template database needs Name: here or under"),
        (GOOD, "execution_role: Executor", "auto_deployment: true", 11, "auto_deployment", "service-managed perm"),
        (SERVICE, "call_as: delegated-admin", "execution_role: E", 12, "execution_role", "self-managed permissions"),
        (SERVICE, "        organizational_unit: ou-ab12-11111111\n", "", 15, "clients.acme", "organizational_unit is"),
        (SERVICE, "ou-ab12-22222222", "ou-22222222", 19, "clients.retail.organizational_unit", "such as ou-ab12"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_its_key(text: str, old: str, new: str, line: int, key: str, said: str) -> None:
    found = complaints(text.replace(old, new, 1))
    # A value that all clients lack is said of each.
    assert (found[0].line, found[0].key) == (line, f"fleet.accounts.{key}"), str(found[0])
    assert said in str(found[0])


def test_an_output_of_this_account_is_no_value_for_others() -> None:
    (found,) = complaints(GOOD.replace("Name: planets", "Name: planets, Note: {output: network.VpcId}"))
    assert (found.line, found.key) == (9, "fleet.defaults.Note")
    assert "an output is of this account" in str(found)


def test_names_that_clients_of_one_account_cannot_share_may_be_defaults_here() -> None:
    shared = 'Parameters: {ServiceName: {Type: String, Default: ""}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\n'
    value = read_template(shared, "shared.yaml").value
    assert isinstance(value, dict)
    templates = {**TEMPLATES, "shared": summary_of("shared", value)}
    text = GOOD.replace("template: database", "template: shared").replace("        parameters: {High: 16}\n", "")
    text = text.replace("{Name: planets, Low: 2, High: 8}", "{ServiceName: shop}")
    assert load(text, PATH, "dev", templates).fleet
    alone = text[: text.index("  accounts:")]
    with pytest.raises(InputError, match="each client needs its own"):
        load(alone, PATH, "dev", templates)
