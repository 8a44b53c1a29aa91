"""A parsed HTML page of ours: every element closed, and its tags, attributes and words."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"meta", "line", "rect"})


class Reader(HTMLParser):
    """Checks that every element is closed, and keeps tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join(" ".join(self.words).split())


def parsed(page: str) -> Reader:
    """The page, which must load and run nothing from anywhere."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.opened == []
    assert not {"script", "link", "img", "iframe", "form", "base"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name in {"src", "href", "action"} or name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in reader.attributes
    assert "prefers-color-scheme:dark" in page
    return reader
