"""The JATS file: well-formed, and with the elements in the order that the JATS 1.3 tag library gives."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree

from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.formats.jats import FORMAT as JATS
from tests.summaries.panel import STATEMENTS, Panel

# For each element the children it may have, in order, as the tag library (Archiving and Interchange, 1.3) lists
# them; "+" is one or more, "*" any number, "?" at most one. Elements that hold words are in WORDED.
BLOCKS = "(p |list |table-wrap |disp-quote |preformat )*"
MODELS = {
    "article": "front body back ", "front": "article-meta ",
    "article-meta": "title-group abstract (kwd-group )?conference ", "title-group": "article-title (subtitle )?",
    "abstract": "(p )+", "kwd-group": "(kwd )+", "conference": "(conf-date )?conf-name ", "body": "(sec )+",
    "sec": f"title {BLOCKS}(sec )*", "back": "notes ", "notes": "title (p )+", "list": "(list-item )+",
    "list-item": "(p |list )+", "disp-quote": BLOCKS, "table-wrap": "label caption table ", "caption": "p ",
    "table": "thead tbody ", "thead": "(tr )+", "tbody": "(tr )+", "tr": "(th |td )+"}
INLINE = {"bold", "italic", "monospace", "strike", "ext-link"}
WORDED = INLINE | {"p", "title", "article-title", "subtitle", "kwd", "conf-date", "conf-name", "label", "th", "td",
                   "preformat"}


def parse(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def problems(root: etree._Element) -> Iterator[str]:
    """Where the article breaks its structure."""
    for element in root.iter():
        children = "".join(f"{child.tag} " for child in element)
        if element.tag in WORDED:
            if set(children.split()) - INLINE:
                yield f"{element.tag} holds {children}"
        elif element.tag not in MODELS:
            yield f"{element.tag} is not expected"
        elif not re.fullmatch(MODELS[element.tag], children):
            yield f"{element.tag} holds {children}"
        elif (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            yield f"{element.tag} holds bare words"


def test_jats_has_the_required_elements_in_order(panel: Panel) -> None:
    panel.rate()
    panel.say("p3", "1. one\n2. two\n\n> quoted\n\n```\ncode <b>\n```\n\n"
                    "| a | b |\n|---|---|\n| 1 | [x](https://x.example) |")
    for summary in (assemble.session_summary(panel.forum_session),
                    assemble.session_summary(panel.cast.forum_session("1B")),
                    assemble.meeting_summary(panel.forum_session.meeting)):
        root = parse(JATS.write(summary))
        assert list(problems(root)) == []
        assert root.attrib["dtd-version"] == "1.3"
        assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)


def test_jats_check_finds_a_broken_article(panel: Panel) -> None:
    root = parse(JATS.write(assemble.session_summary(panel.forum_session)))
    section = root.find("body/sec")
    assert section is not None
    section.append(section[0])
    etree.SubElement(root[0][0], "contrib")
    assert len(list(problems(root))) == 3


def test_jats_says_what_was_asked_found_and_counted(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    root = parse(JATS.write(document))
    assert root.findtext(".//article-title") == "Making cells"
    assert [one.text for one in root.iter("kwd")] == ["Manufacturing", "autologous"]
    assert root.findtext(".//conf-name") == "Cells that stay"
    titles = ["".join(title.itertext()) for title in root.iterfind("body//sec/title")]
    assert [title for title in titles if title.startswith("S")] == [f"S{number}. {text}"
                                                                   for number, text in enumerate(STATEMENTS, start=1)]
    notes = "".join(root.find("back/notes").itertext())
    assert document.provenance.inputs_sha256 in notes
    assert document.polls[0].frozen_sha256 in notes


@pytest.mark.parametrize("words", ["<script>&amp;", "]]> <!-- --", "\x0b\x00\ud800\ufffe end", "\U0001f600 \u202b"])
def test_jats_escapes_what_people_write(panel: Panel, words: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted: SummaryDocument = replace(document, meeting=replace(document.meeting, title=words))
    root = parse(JATS.write(planted))
    legal = re.sub("[\x00-\x08\x0b\ud800\ufffe]", "\ufffd", words)
    assert root.findtext(".//conf-name") == legal
