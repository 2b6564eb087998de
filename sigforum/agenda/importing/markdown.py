"""Markdown: headings, bold labels and lists, as far as an agenda uses them."""

import re
from collections.abc import Iterator
from html import unescape

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.assembling import assemble
from sigforum.agenda.importing.contract import AgendaFormat
from sigforum.agenda.importing.lines import SourceLine, lowered, numbered, raised, split_bullet, tidy

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*$")
_RULE = re.compile(r"[ \t]*(?:\*[ \t]*){3,}$|[ \t]*(?:-[ \t]*){3,}$|[ \t]*(?:_[ \t]*){3,}$")
_TABLE_RULE = re.compile(r"(?=[ \t:|-]*+$).*?--")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_FRONT_TITLE = re.compile(r"title:[ \t]*[\"']?(.*?)[\"']?$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
# A link leads somewhere: x[i](j) and [PD-L1](TPS >= 50 %) do not.
_LINK = re.compile(r"""(?<!\w)\[([^\[\]]+)\]\((?:<[^<>()]*>|[^()\s]*[/#.@:][^()\s]*)(?:\s+["'][^"'()]*["'])?\)""")
_PLACED = re.compile(r"<(?P<tag>sup|sub)>(?P<words>[^<>]*)</(?P=tag)>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|sup|sub|code|small|mark)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
# No code begins or ends inside a word: 5`-ATG-3` are the ends of a strand.
_CODE = re.compile(r"(?<![\w`])(`+)([^`]+)\1(?![\w`])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,2000}-->")
_EMPHASIS = (
    # A mark stands around words: 2**3 is a power, and __init__ a name.
    re.compile(r"(?<![\w*])\*\*([^*]+)\*\*"),
    re.compile(r"(?<!\w)__([^_]*[^\w][^_]*)__(?!\w)"),
    re.compile(r"(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"),
    re.compile(r"(?<!\w)_([^\s_](?:[^_]*[^\s_])?)_(?!\w)"),
)
_SIGNS = re.compile(r"^ {0,3}#{1,6} \S|^[^\S\n]*+\*\*[^*\n]+\*\*|\]\(http", re.MULTILINE)
# Escaped marks are moved to a private range of Unicode while the real marks are taken away.
_PRIVATE = 0xE000
_BACK = {_PRIVATE + code: chr(code) for code in range(128)}


def parse(text: str) -> AgendaPlan:
    """The agenda of a Markdown text; the front matter's title counts where no heading is one."""
    lines = numbered(text)
    body_start, fallback_title = _front_matter(lines)
    return assemble(_lines(lines, start=body_start), fallback_title=fallback_title)


def _front_matter(lines: list[str]) -> tuple[int, str | None]:
    if not lines or lines[0].strip() != "---":
        return 0, None
    end = next((index for index, line in enumerate(lines[1:200], 1) if line.strip() in {"---", "..."}), None)
    if end is None:
        return 0, None
    titles = [match.group(1) for match in map(_FRONT_TITLE.match, map(str.rstrip, lines[1:end])) if match]
    return end + 1, (titles[0].strip() if titles else None) or None


def _lines(lines: list[str], *, start: int) -> Iterator[SourceLine]:
    follows_blank, is_fenced = True, False
    skip = -1
    for index in range(start, len(lines)):
        raw = lines[index]
        if _FENCE.match(raw):
            is_fenced = not is_fenced
            continue
        if index == skip or is_fenced or _RULE.match(raw) or _TABLE_RULE.match(raw):
            follows_blank = True
            continue
        line = _line(raw, number=index + 1, follows_blank=follows_blank)
        if line is None:
            follows_blank = True
            continue
        below = _UNDERLINE.match(lines[index + 1]) if index + 1 < len(lines) else None
        if below and follows_blank and line.heading is None and not line.is_bullet:
            line = SourceLine(
                line.number, line.text, heading=1 if "=" in below.group() else 2, follows_blank=True
            )
            skip = index + 1
        yield line
        follows_blank = line.heading is not None


def _line(raw: str, *, number: int, follows_blank: bool) -> SourceLine | None:
    heading = _HEADING.match(raw)
    if heading:
        text = _plain(heading.group(2).rstrip("# \t"))
        return SourceLine(number, text, heading=len(heading.group(1)), follows_blank=True) if text else None
    stripped = raw.strip().lstrip(">").strip()
    is_bullet, rest = split_bullet(stripped)
    text = _plain(rest.removeprefix("[ ] ").removeprefix("[x] ") if is_bullet else rest)
    if stripped.startswith("|"):
        text = text.strip("| ")
    if not text:
        return None
    return SourceLine(
        number, text, is_bullet=is_bullet, is_indented=raw[:1].isspace(), follows_blank=follows_blank
    )


def _plain(text: str) -> str:
    """The words of a line without its marks."""
    if "\\" in text:
        text = _ESCAPED.sub(lambda match: chr(_PRIVATE + ord(match.group(1))), text)
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    if "<" in text:
        text = _PLACED.sub(lambda found: (raised if found["tag"].lower() == "sup" else lowered)(found["words"]), text)
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    if "*" in text or "_" in text:
        for mark in _EMPHASIS:
            text = mark.sub(r"\1", text)
    text = unescape(_CODE.sub(r"\2", text) if "`" in text else text)
    return tidy(text.translate(_BACK))


def _recognises(text: str) -> bool:
    return bool(_SIGNS.search(text[:100_000])) and not text.lstrip().startswith(("<", "{"))


FORMAT = AgendaFormat(
    name="markdown", label="Markdown", extensions=(".md", ".markdown"), recognises=_recognises, parse=parse
)
