"""The words of an HTML body that a reader would see."""

from __future__ import annotations

import re

from lxml import etree

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "object", "svg", "select", "noframes", "meta"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr", "form"}
)
_LINES = frozenset(
    {
        "div",
        "tr",
        "li",
        "br",
        "section",
        "article",
        "header",
        "footer",
        "address",
        "dt",
        "dd",
        "center",
        "body",
        "option",
    }
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|em|rem|%)?\s*(?:;|$|!)|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE
)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:", re.IGNORECASE)
_MOST_NODES = 400_000


def text_of_html(html: str) -> str:
    """Visible text: one line a block, `> ` before every line inside a blockquote. Never raises.

    Hidden preheaders, invisible print and white on white are left out: what an operator cannot see must not weigh.
    """
    try:
        root = etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), _parser())
    except (etree.LxmlError, ValueError):
        return _bare(html)
    if root is None:
        return ""
    writer = _Writer()
    writer.write(root)
    return writer.text()


def _parser() -> etree.HTMLParser:
    """Refuses huge trees, asks no network, and leaves comments aside."""
    return etree.HTMLParser(
        recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8"
    )


def _bare(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]{0,2000}>", " ", html)).strip()


class _Writer:
    """Walks the tree without recursion and writes lines."""

    def __init__(self) -> None:
        self._lines: list[str] = [""]
        self._quotes = 0
        self._painted = 0  # open elements with a background of their own
        self._pre = 0

    def write(self, root: etree._Element) -> None:
        hidden: etree._Element | None = None
        for count, (event, node) in enumerate(etree.iterwalk(root, events=("start", "end"))):
            if count > _MOST_NODES:
                break
            if event == "start":
                if hidden is None and self._is_hidden(node):
                    hidden = node
                if hidden is None:
                    self._open(node)
            elif hidden is None:
                self._close(node)
                self._add(node.tail)
            elif hidden is node:
                hidden = None
                self._add(node.tail)

    def text(self) -> str:
        lines = [re.sub(r"[ \t]+", " ", line).rstrip() for line in self._lines]
        lines = [line if line.strip("> ") else "" for line in lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _is_hidden(self, node: etree._Element) -> bool:
        if not isinstance(node.tag, str) or node.tag in _SKIPPED or node.get("hidden") is not None:
            return True
        style = node.get("style", "")
        if not style:
            return False
        return bool(_HIDDEN.search(style)) or (
            not self._painted and bool(_WHITE.search(style)) and not _BACKGROUND.search(style)
        )

    def _open(self, node: etree._Element) -> None:
        tag = str(node.tag)
        if _paints(node):
            self._painted += 1
        if tag == "br":
            self._lines.append(self._prefix())
        elif tag in _PARAGRAPHS or tag in _LINES:
            self._break(empty=tag in _PARAGRAPHS)
        if tag == "blockquote":
            self._quotes += 1
            self._lines[-1] = self._prefix()
        elif tag == "pre":
            self._pre += 1
        elif tag == "hr":
            self._lines[-1] += "________________________________"
            self._break()
        elif tag in ("td", "th") and self._lines[-1] != self._prefix():
            self._lines[-1] += " "
        elif tag == "li":
            self._lines[-1] += "- "
        self._add(node.text)

    def _close(self, node: etree._Element) -> None:
        tag = str(node.tag)
        if _paints(node):
            self._painted -= 1
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._pre -= 1
        if tag in _PARAGRAPHS or tag in _LINES:
            self._break(empty=tag in _PARAGRAPHS)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            first, *others = text.split("\n")
            self._lines[-1] += first
            self._lines += [self._prefix() + line for line in others]
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", text).replace("\u200b", "").replace("\ufeff", "")
        at_start = self._lines[-1] == self._prefix()
        self._lines[-1] += text.lstrip(" ") if at_start or self._lines[-1].endswith(" ") else text

    def _break(self, empty: bool = False) -> None:
        """Ends the line, once: nested blocks do not pile up empty lines."""
        prefix = self._prefix()
        if self._lines[-1].strip("> "):
            self._lines.append(prefix)
        else:
            self._lines[-1] = prefix
        if empty and len(self._lines) > 1 and self._lines[-2].strip("> "):
            self._lines.insert(-1, prefix.rstrip())

    def _prefix(self) -> str:
        return "> " * self._quotes


def _paints(node: etree._Element) -> bool:
    return bool(node.get("bgcolor") or _BACKGROUND.search(node.get("style", "")))
