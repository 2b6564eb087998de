"""JATS XML: the article structure that journals take in (ANSI/NISO Z39.96, version 1.3)."""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from sigforum.summaries.blocks import Block, Bullets, Chart, Heading, Paragraph, Quote, Speech, Table
from sigforum.summaries.digest import digest
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.outline import dates_text, provenance_table
from sigforum.summaries.registry import SummaryFormat
from sigforum.summaries.sections import chapters
from sigforum.summaries.speech import Piece, Run, pieces
from sigforum.summaries.wording import legal_text

_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What an erasure writes where a name stood.
_REMOVED = "Name removed"
_LOOKS = {"strong": "bold", "emphasis": "italic", "code": "monospace", "struck": "strike"}
# Line ends between these keep the file readable; inside paragraphs, titles and cells they would be blanks.
_HOLDERS = {"article", "front", "article-meta", "title-group", "kwd-group", "contrib-group",
            "contrib", "conference", "abstract", "body", "back",
            "sec", "notes", "table-wrap", "caption", "table", "thead", "tbody", "tfoot", "tr", "list", "list-item",
            "disp-quote"}


def write(summary: Summary) -> bytes:
    """One article; a meeting's forum sessions are the sections of its body."""
    summary = drawable(summary)
    ElementTree.register_namespace("xlink", _XLINK)
    article = Element("article", {"article-type": "other", "dtd-version": "1.3", _LANGUAGE: "en"})
    _front(SubElement(article, "front"), summary)
    body = _Body(SubElement(article, "body"))
    for chapter in chapters(summary):
        body.add(chapter.blocks)
    _back(SubElement(article, "back"), summary)
    _break_lines(article)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(article, encoding="utf-8") + b"\n"


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    found = SubElement(parent, tag, attributes)
    found.text = legal_text(text)
    return found


def _front(front: Element, summary: Summary) -> None:
    """What is known of the article before anybody edits it. Who its authors are, only they can say."""
    meta = SubElement(front, "article-meta")
    titles = SubElement(meta, "title-group")
    # The code is the agenda's, and no part of a title.
    single = summary.documents[0] if len(summary.documents) == 1 else None
    _text(titles, "article-title", single.forum_session.title if single else summary.title)
    if len(summary.documents) == 1:
        _text(titles, "subtitle", summary.meeting.title)
    _contributors(meta, summary)
    abstract = SubElement(meta, "abstract")
    for document in summary.documents:
        question = document.central_question
        asked = [f"{document.forum_session.title}.", *([f"Central question: {question.text}"] if question else [])]
        # What the group answers first, then counts; each verdict with its reason stands in the body.
        answer = [f"Answer: {line.text}" for line in document.lines_of("answer")]
        _text(abstract, "p", " ".join([*asked, *answer, *digest(document)]))
    words = dict.fromkeys(word for document in summary.documents for word in (
        document.forum_session.theme, *document.forum_session.modalities) if word)
    if words:
        # Words of the agenda; which keywords the article has, its authors say.
        group = SubElement(meta, "kwd-group", {"kwd-group-type": "agenda"})
        for word in words:
            _text(group, "kwd", word)
    conference = SubElement(meta, "conference")
    if summary.meeting.start_on:
        _text(conference, "conf-date", dates_text(summary), **{"iso-8601-date": summary.meeting.start_on.isoformat()})
    _text(conference, "conf-name", summary.meeting.title)


def _contributors(meta: Element, summary: Summary) -> None:
    """Those who agreed to be listed under what was published; who the authors are, only they can say."""
    listed = {name for document in summary.documents if document.is_frozen and document.sign_offs
              for name in document.sign_offs.listed if name != _REMOVED}
    names = sorted(listed, key=lambda name: (name.casefold(), name))
    if names:
        group = SubElement(meta, "contrib-group", {"content-type": "participants"})
        for name in names:
            _text(SubElement(group, "contrib", {"contrib-type": "participant"}), "string-name", name)


def _back(back: Element, summary: Summary) -> None:
    """Where every number comes from."""
    notes = SubElement(back, "notes", {"notes-type": "provenance"})
    _text(notes, "title", "Provenance")
    for document in summary.documents:
        rows = "; ".join(f"{name}: {value}" for name, value in provenance_table(document).rows)
        _text(notes, "p", f"{document.title}. {rows}.")


class _Body:
    """Sections that nest as the headings do; tables and figures are numbered through the article."""

    def __init__(self, body: Element) -> None:
        self._open: list[tuple[int, Element]] = [(0, body)]
        self._tables = 0
        self._ids: set[str] = set()

    def add(self, blocks: Iterable[Block]) -> None:
        """Append the blocks in order."""
        for block in blocks:
            if isinstance(block, Heading):
                self._section(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Bullets):
                self._list(self._here, block)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Chart):
                # A drawing would be a file of its own beside the article; its numbers say the same.
                self._table(block.numbers, note=block.caption)
            elif isinstance(block, Quote):
                self._quote(block)
            else:
                self._speech(block)

    @property
    def _here(self) -> Element:
        return self._open[-1][1]

    def _section(self, heading: Heading) -> None:
        while self._open[-1][0] >= heading.level:
            self._open.pop()
        section = SubElement(self._here, "sec", self._identity(heading.key))
        _text(section, "title", heading.text)
        self._open.append((heading.level, section))

    def _identity(self, key: str) -> dict[str, str]:
        """The key as an id, once: two sessions may have one name for different things."""
        if not key or not key.replace("-", "").replace("_", "").isalnum() or key in self._ids:
            return {}
        self._ids.add(key)
        return {"id": key}

    def _paragraph(self, block: Paragraph) -> None:
        found = SubElement(self._here, "p")
        if block.label:
            label = _text(found, "bold", block.label)
            label.tail = legal_text(f" {block.text}")
        else:
            found.text = legal_text(block.text)

    def _list(self, parent: Element, block: Bullets) -> None:
        found = SubElement(parent, "list", {"list-type": "order" if block.is_numbered else "bullet"})
        for item in block.items:
            _text(SubElement(found, "list-item"), "p", item)

    def _table(self, block: Table, *, note: str = "") -> None:
        self._tables += 1
        wrap = SubElement(self._here, "table-wrap", {"id": f"t{self._tables}"})
        _text(wrap, "label", f"Table {self._tables}")
        caption = SubElement(wrap, "caption")
        _text(caption, "p", f"{block.caption} {note}".strip())
        table = SubElement(wrap, "table")
        self._row(SubElement(table, "thead"), block, block.columns, "th", scope="col")
        body = SubElement(table, "tbody")
        for row in block.rows:
            self._row(body, block, row, "td")

    def _row(self, parent: Element, block: Table, cells: Iterable[str], tag: str, **attributes: str) -> None:
        row = SubElement(parent, "tr")
        for place, cell in enumerate(cells):
            align = "left" if place in block.words else "right"
            is_name = tag == "td" and place == 0 and place in block.words
            _text(row, "th" if is_name else tag, cell, align=align, **({"scope": "row"} if is_name else attributes))

    def _quote(self, block: Quote) -> None:
        while self._open[-1][0] >= 100:
            self._open.pop()
        quote = SubElement(self._here, "disp-quote", {"content-type": "minority"})
        for piece in pieces(block.text):
            _piece(quote, piece)
        _text(quote, "attrib", block.byline)

    def _speech(self, block: Speech) -> None:
        """A quotation; replies stand inside the quotation they answer."""
        while self._open[-1][0] >= 100 + block.depth:
            self._open.pop()
        quote = SubElement(self._here, "disp-quote", {"content-type": "reply" if block.depth else "response",
                                                      **self._identity(block.said.key)})
        head = SubElement(quote, "p")
        name = _text(head, "bold", block.byline)
        name.tail = legal_text(f" ({block.when})" + (f". {block.note}" if block.note else ""))
        if block.said.state == "standing":
            for piece in pieces(block.said.text):
                _piece(quote, piece)
        self._open.append((100 + block.depth, quote))


def _piece(parent: Element, piece: Piece) -> None:
    if piece.kind == "code":
        _text(parent, "preformat", "".join(run.text for run in piece.runs))
        return
    if piece.kind in ("bullet", "number"):
        # Who sets the article would number "order" anew; the number that was typed stands in the words.
        kind = "bullet" if piece.kind == "bullet" else "simple"
        last = parent[-1] if len(parent) else None
        found = last if last is not None and last.get("list-type") == kind else SubElement(
            parent, "list", {"list-type": kind})
        parent = SubElement(found, "list-item")
    number = [Run(text=f"{piece.number}. ")] if piece.kind == "number" else []
    _runs(SubElement(parent, "p"), [*number, *piece.runs])


def _runs(paragraph: Element, runs: Iterable[Run]) -> None:
    for run in runs:
        inner = paragraph
        for look in sorted(run.looks):
            inner = SubElement(inner, _LOOKS[look])
        if run.address:
            inner = SubElement(inner, "ext-link", {"ext-link-type": "uri", _HREF: legal_text(run.address)})
        text = legal_text(" " if run.text == "\n" else run.text)
        if inner is not paragraph:
            inner.text = text
        elif len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + text
        else:
            paragraph.text = (paragraph.text or "") + text


def _break_lines(element: Element) -> None:
    if element.tag in _HOLDERS:
        element.text = "\n"
        for child in element:
            child.tail = "\n"
            _break_lines(child)


FORMAT = SummaryFormat(
    name="jats", label="Journal article", extension="xml", mimetype="application/xml",
    description="JATS 1.3, the structure that journals and archives take in.", write=write)
