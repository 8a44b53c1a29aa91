"""The prices for `cost`: those of the program, those stored by --refresh, and those of --price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.errors import AwsError, Complaint, InputError
from aurora_cfn.facts.prices import PriceList, kept_text, listed_apart, price_items, price_list, priced_regions
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.project.user_cache import cache_folder


def prices_of(region: str, given: Sequence[str] = ()) -> PriceList:
    """The prices of the region, with those `given` as ITEM=USD; warns on stderr if they are incomplete."""
    own = _own(given)
    path = kept_prices(region)
    try:
        found = price_list(region, read_text(path) if path.is_file() else "")
    except ValueError:
        write_stderr(f"{path}: cannot be read, and is not used; --refresh writes it again")
        found = price_list(region)
    if region not in priced_regions() and not path.is_file():
        known = ", ".join(priced_regions())
        remedy = "give your own (--price)" if listed_apart(region) else "ask AWS (--refresh)"
        write_stderr(f"no prices are known for {region}: {remedy}, or compare with {known} (--region)")
    return found.with_prices(own, SystemClock().now().date())


def refresh_prices(region: str, aws: AwsOptions, today: date) -> Path:
    """The file with AWS's current list prices of the region. Raises AwsError if there are none.

    Raises InputError for a region of another partition, whose prices are not in the Price List API.
    """
    if listed_apart(region):
        raise InputError(f"the Price List API has no prices of {region}, another partition: give your own (--price)")
    from aurora_cfn.aws.price_list import HOME, AwsPriceList
    from aurora_cfn.aws.session import Connection
    from aurora_cfn.cli.terminal.prompt import session

    # The Price List API answers for all regions in a few, of which HOME is one.
    found = AwsPriceList(session(Connection(HOME, aws.profile, aws.endpoint_url))).prices(region)
    if not found:
        raise AwsError(f"AWS has no list prices for {region}: is it a region?", operation="GetProducts")
    path = kept_prices(region)
    write_text(path, kept_text(region, found, today))
    return path


def kept_prices(region: str) -> Path:
    """The file with the stored prices of a region."""
    return cache_folder() / "facts" / f"prices-{region}.json"


def _own(given: Sequence[str]) -> dict[str, float]:
    found, complaints = {}, []
    for text in given:
        item, _, amount = text.partition("=")
        try:
            found[item] = _amount(item, amount)
        except ValueError as error:
            complaints.append(Complaint(str(error), key=f"--price {text}"))
    if complaints:
        raise InputError(complaints)
    return found


def _amount(item: str, text: str) -> float:
    if item not in price_items():
        raise ValueError(f"{item!r} is not an item; there are: {', '.join(price_items())}")
    # `float` also takes inf, nan, 1e3 and digits of other scripts.
    if not (text.isascii() and text.replace(".", "", 1).isdigit()):
        raise ValueError("is not ITEM=USD with an amount such as 0.14")
    return float(text)
