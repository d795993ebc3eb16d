"""HTML without what is active in it: read as a browser would, written anew, each piece escaped.

What is not written plainly counts as active, since a browser may see something else in it.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import codecs
import html
import html.parser
import re

# Elements that run or send something, load more than images, or whose content some take for text.
_ACTIVE = """
    applet base bgsound embed form frame frameset iframe ilayer layer link listing math noembed
    noframes noscript object param plaintext portal script svg template xml xmp
"""
ACTIVE = frozenset(_ACTIVE.split())
DROPPED_CONTENT = frozenset(("applet", "iframe", "math", "object", "script", "svg", "template"))
SCRIPTS = re.compile(
    r"(?:javascript|vbscript|livescript|mocha|mhtml|jar):"
    r"|data:(?!image/(?:png|gif|jpe?g|webp|bmp|x-icon)[;,])",
    re.IGNORECASE,
)
ACTIVE_STYLE = re.compile(
    r"expression\s*\(|behaviou?r\s*:|-moz-binding|javascript\s*:|@import|<(?!!--)", re.IGNORECASE
)
TAG_NAME = re.compile(r"[a-z][a-z0-9:_.-]*")
ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9:_.-]*")
# A start tag that every program reads in the same way, and an end tag.
START_TAG = re.compile(
    r"<[a-zA-Z][a-zA-Z0-9:_.-]*+"
    r"(?:[ \t\r\n]++[a-zA-Z_][a-zA-Z0-9:_.-]*+"
    r"(?:[ \t\r\n]*+=[ \t\r\n]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\r\n\f\v\"'<>=`]++))?+)*+"
    r"[ \t\r\n]*+/?>"
)
END_TAG = re.compile(r"</[a-zA-Z][a-zA-Z0-9:_.-]*[ \t\r\n]*>")
# What may be hidden where one program sees words and another sees elements.
HIDDEN = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|applet|form|base|svg|math|meta)\b"
    r"|[\s/\"']on[a-z]+\s*=|(?:java|vb|live)script\s*:",
    re.IGNORECASE,
)
TAG_BEGINS = re.compile(r"<[a-zA-Z/!?]")
# Where some programs see a comment's end, and others don't.
COMMENT_ENDS = re.compile(r"\A-?>|--!?\s*>|--!?\Z")
CONDITION = re.compile(r"(?:if\b[^<>]*|else|endif)\s*", re.IGNORECASE)
# As in <!--[if mso]>…<![endif]-->, and in <!--[if !mso]><!-->.
_CONDITION_ENDS = re.compile(r"<!(?:\[endif\])?\Z", re.IGNORECASE)
BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]+")
# Character sets in which a byte below 128 is always the character of ASCII.
PLAIN_CHARSETS = re.compile(r"us-ascii|ascii|utf-?8|iso-8859-\d+|windows-125\d|cp125\d|koi8-[ru]")
_META_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';>]*)", re.IGNORECASE)

Attributes = list[tuple[str, str | None]]


def inactive(page: bytes) -> bytes | None:
    """Return a page without what runs or sends something; None where nothing does."""
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

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if not START_TAG.fullmatch(self.get_starttag_text() or ""):
            self.active = True
        if tag in ACTIVE or _is_active_meta(tag, attrs) or not TAG_NAME.fullmatch(tag):
            self.active = True
            if tag in DROPPED_CONTENT:
                self._within.append(tag)
            return
        kept = []
        for name, value in attrs:
            if is_active(name, value or "") or not ATTRIBUTE_NAME.fullmatch(name):
                self.active = True
            else:
                kept.append(f" {name}" if value is None else f' {name}="{html.escape(value)}"')
        self._add(f"<{tag}{''.join(kept)}>")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        before = len(self._within)
        self.handle_starttag(tag, attrs)
        del self._within[before:]

    def parse_endtag(self, i: int) -> int:
        end = super().parse_endtag(i)
        if end > i and not END_TAG.fullmatch(self.rawdata, i, end):
            self.active = True
        return end

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            del self._within[self._within.index(tag) :]
        elif tag not in ACTIVE and TAG_NAME.fullmatch(tag):
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            if ACTIVE_STYLE.search(_plain_style(data)):
                self.active = True
                return
            self._add(data.replace("<", ""))
        else:
            # In words there are no tags, unless another program reads them in another way.
            self.active = self.active or bool(TAG_BEGINS.search(data))
            self._add(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        # Some programs read what stands in one, on a condition.
        if HIDDEN.search(html.unescape(data)) or COMMENT_ENDS.search(data):
            self.active = True
        elif "<" in data:
            inner = _Page()
            inner.feed(_CONDITION_ENDS.sub("", data))
            inner.close()
            self.active = self.active or inner.active

    def handle_decl(self, decl: str) -> None:
        if "<" in decl:
            self.active = True
        if decl.lower().startswith("doctype"):
            self._add(f"<!{decl.replace('<', '').replace('>', '')}>")

    def unknown_decl(self, data: str) -> None:
        # For browsers <![CDATA[ ends at the first ">", and what follows are elements.
        self.active = self.active or not CONDITION.fullmatch(data)

    def handle_pi(self, data: str) -> None:
        self.active = self.active or "<" in data

    def close(self) -> None:
        # One that never ends, which nobody was told of.
        self.active = self.active or bool(TAG_BEGINS.search(self.rawdata))
        super().close()

    def _add(self, text: str) -> None:
        if not self._within:
            self.out.append(text)


def is_active(name: str, value: str) -> bool:
    """Say whether an attribute runs something, or hides what might."""
    if name.startswith("on") or name in ("srcdoc", "formaction", "ping"):
        return True
    if HIDDEN.search(value) or TAG_BEGINS.search(value):
        return True
    if name == "style":
        return bool(ACTIVE_STYLE.search(_plain_style(value)))
    return bool(SCRIPTS.match(BLANKS.sub("", html.unescape(value))))


def _plain_style(text: str) -> str:
    """Return a style without what hides words in it: comments and escapes."""
    text = re.sub(r"/\*.*?\*/", "", html.unescape(text), flags=re.DOTALL)
    return re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda hit: chr(min(int(hit[1], 16), 0x10FFFF)), text)


def _is_active_meta(tag: str, attrs: Attributes) -> bool:
    """Say whether a page loads another one, or wants to be read in letters that hide tags."""
    if tag != "meta":
        return False
    for name, value in attrs:
        words = (value or "").strip().lower()
        if name == "http-equiv" and words != "content-type" and not words.startswith("x-ua-"):
            return True
        charsets = [words] if name == "charset" else _META_CHARSET.findall(words)
        if not all(PLAIN_CHARSETS.fullmatch(one) for one in charsets):
            return True
    return False


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
