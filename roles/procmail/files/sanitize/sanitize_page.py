"""HTML without what is active in it: read as a browser would, written anew, each piece escaped."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import codecs
import html
import html.parser
import re

# Elements that run, load or send something, and those whose content is never text.
ACTIVE = frozenset(
    ("applet", "base", "bgsound", "embed", "form", "frame", "frameset", "iframe", "math", "object")
) | {"param", "portal", "script", "svg", "template"}
DROPPED_CONTENT = frozenset(("applet", "iframe", "math", "object", "script", "svg", "template"))
LINKS = re.compile(r"(?:href|src|srcset|action|background|data|poster|cite|longdesc|xlink:href)")
SCRIPTS = re.compile(
    r"\s*(?:javascript|vbscript|livescript|mocha|data\s*:\s*text/html)\s*:?", re.IGNORECASE
)
ACTIVE_STYLE = re.compile(
    r"expression\s*\(|behaviou?r\s*:|-moz-binding|javascript\s*:|@import", re.IGNORECASE
)
TAG_NAME = re.compile(r"[a-z][a-z0-9:_.-]*")
ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9:_.-]*")
# What may be hidden where one program sees words and another sees elements.
HIDDEN = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|applet|form|base|svg|math|meta)\b"
    r"|[\s/\"']on[a-z]+\s*=|(?:java|vb|live)script\s*:",
    re.IGNORECASE,
)
TAG_BEGINS = re.compile(r"<[a-zA-Z/!?]")
BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]+")


def inactive(page: bytes) -> bytes | None:
    """Return a page without what runs, loads or sends by itself; None where nothing does."""
    reader = _Page()
    reader.feed(page.decode("ascii", "surrogateescape"))
    reader.close()
    if not reader.active:
        return None
    return "".join(reader.out).encode("ascii", "postern")


class _Page(html.parser.HTMLParser):
    """Writes a page anew, each piece escaped, without active ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.active = False
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE or _refreshes(tag, attrs) or not TAG_NAME.fullmatch(tag):
            self.active = True
            if tag in DROPPED_CONTENT:
                self._within.append(tag)
            return
        kept = []
        for name, value in attrs:
            if (
                is_active(name, value or "")
                or HIDDEN.search(value or "")
                or not ATTRIBUTE_NAME.fullmatch(name)
            ):
                self.active = True
            else:
                kept.append(f" {name}" if value is None else f' {name}="{html.escape(value)}"')
        if not self._within:
            self.out.append(f"<{tag}{''.join(kept)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = len(self._within)
        self.handle_starttag(tag, attrs)
        del self._within[before:]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            del self._within[self._within.index(tag) :]
        elif tag not in ACTIVE and not self._within and TAG_NAME.fullmatch(tag):
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        style = self.cdata_elem == "style"
        if style and ACTIVE_STYLE.search(_plain_style(data)):
            self.active = True
            return
        if not style:
            self._look_for_tags(data)
        self._add(data.replace("<", "" if style else "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.active = self.active or bool(HIDDEN.search(data))

    def handle_decl(self, decl: str) -> None:
        if decl.lower().startswith("doctype"):
            self._add(f"<!{decl.replace('<', '').replace('>', '')}>")

    def close(self) -> None:
        self._look_for_tags(self.rawdata)  # one that never ends, which nobody was told of
        super().close()

    def _look_for_tags(self, data: str) -> None:
        """In words there are none, unless another program reads them in another way."""
        self.active = self.active or bool(TAG_BEGINS.search(data) and HIDDEN.search(data))

    def _add(self, text: str) -> None:
        if not self._within:
            self.out.append(text)


def is_active(name: str, value: str) -> bool:
    """Say whether an attribute runs something."""
    bare = BLANKS.sub("", html.unescape(value))
    if name.startswith("on") or name in ("srcdoc", "formaction"):
        return True
    if name == "style":
        return bool(ACTIVE_STYLE.search(_plain_style(value)))
    return bool(LINKS.fullmatch(name) and SCRIPTS.match(bare))


def _plain_style(text: str) -> str:
    """Return a style without what hides words in it: comments and escapes."""
    text = re.sub(r"/\*.*?\*/", "", html.unescape(text), flags=re.DOTALL)
    return re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda hit: chr(min(int(hit[1], 16), 0x10FFFF)), text)


def _refreshes(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    return tag == "meta" and any(
        name == "http-equiv" and (value or "").strip().lower() in ("refresh", "set-cookie", "link")
        for name, value in attrs
    )


def _as_it_was(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write bytes that came as they are back, and other characters by their number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    pieces = (
        bytes([ord(one) - 0xDC00]) if 0xDC80 <= ord(one) <= 0xDCFF else f"&#{ord(one)};".encode()
        for one in text
    )
    return b"".join(pieces), error.end


codecs.register_error("postern", _as_it_was)
