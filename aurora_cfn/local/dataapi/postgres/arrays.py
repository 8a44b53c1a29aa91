"""PostgreSQL's array literals, cut into their elements."""

from __future__ import annotations

from aurora_cfn.local.dataapi.errors import DataApiError


def elements(text: str) -> list[str | None]:
    """The elements of a one-dimensional array literal; `[2:3]={1,2}` has its bounds in front.

    Raises DataApiError for more dimensions: Aurora Serverless v2 does not return them.
    """
    place = text.index("{") + 1
    values: list[str | None] = []
    while text[place] != "}":
        if text[place] == "{":
            raise DataApiError("UnsupportedResultException", "The result contains a multidimensional array.")
        if text[place] == '"':
            value, place = _quoted(text, place + 1)
            values.append(value)
        else:
            end = min(at for at in (text.find(",", place), text.find("}", place)) if at >= 0)
            value, place = text[place:end], end
            values.append(None if value == "NULL" else value)
        place += text[place] == ","
    return values


def _quoted(text: str, place: int) -> tuple[str, int]:
    letters = []
    while text[place] != '"':
        place += text[place] == "\\"
        letters.append(text[place])
        place += 1
    return "".join(letters), place + 1
