from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from aurora_cfn.aws.price_list import AwsPriceList
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.facts.prices import price_rows

ITEM = "acu_hour"


def product(usage: str, *tiers: tuple[str, str], engine: str = "Aurora PostgreSQL") -> str:
    dimensions = {
        str(number): {"beginRange": begin, "pricePerUnit": {"USD": dollars}}
        for number, (begin, dollars) in enumerate(tiers)
    }
    return json.dumps(
        {
            "product": {"attributes": {"usagetype": usage, "databaseEngine": engine}},
            "terms": {"OnDemand": {"x": {"priceDimensions": dimensions}}},
        }
    )


@pytest.fixture
def session() -> Session:
    return Session(Connection("us-east-1", endpoint_url="http://127.0.0.1:1", keys=("test", "test")))


def answers(session: Session, **products: list[str]) -> dict[str, float]:
    """What comes out when AWS answers these products for the items, and none for the others."""
    stubber = Stubber(session.client("pricing"))
    for item, row in price_rows().items():
        asked: dict[str, Any] = {"ServiceCode": row.service, "Filters": ANY, "FormatVersion": "aws_v1"}
        stubber.add_response("get_products", {"PriceList": products.get(item, [])}, asked)
    with stubber:
        return AwsPriceList(session).prices("eu-west-1")


@pytest.mark.parametrize(
    ("products", "price"),
    [
        ([product("EU-Aurora:ServerlessV2Usage", ("0", "0.14"))], 0.14),
        ([product("Aurora:ServerlessV2Usage", ("0", "0.12"))], 0.12),
        ([product("EU-Aurora:ServerlessV2Usage", ("0", "0"), ("100", "0.14"))], 0.14),
        ([product("EU-Aurora:ServerlessV2Usage", ("0", "0.14"), ("10", "0.10"))], 0.14),
        ([product("EU-Aurora:ServerlessV2Usage", ("0", "0.14"), engine="Aurora MySQL")], None),
        ([product("EU-Other:Aurora:ServerlessV2Usage", ("0", "0.14"))], None),
        ([product("EU-Aurora:ServerlessV2Usage", ("0", "0.14")), product("EU-Aurora:ServerlessV2Usage", ("0", "0.1"))],
         None),
        ([product("EU-Aurora:ServerlessV2Usage")], None),
        ([], None),
    ],
)  # fmt: skip
def test_one_price_or_none(session: Session, products: list[str], price: float | None) -> None:
    assert answers(session, acu_hour=products).get(ITEM) == price


def test_a_request_is_priced_by_the_million(session: Session) -> None:
    found = answers(session, io_million=[product("EU-Aurora:StorageIOUsage", ("0", "0.0000002200"), engine="Any")])
    assert found == {"io_million": 0.22}
