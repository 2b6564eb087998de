"""Every word of a summary stands in every format: each text is made another one, and looked for in each file."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask

from sigforum.summaries.document.reading import read_document
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import all_formats
from tests.summaries.panel import readable
from tests.verification.conftest import held
from tests.verification.meeting import Held

assert held
# What is no word but one of a few signs that programs tell apart, or a key, a hash or a moment.
SIGNS = {"key", "kind", "state", "visibility", "secrecy", "word", "verdict", "attribution", "slug", "status", "poll",
         "line", "number", "frozen_sha256", "terms_sha256", "inputs_sha256", "software", "libraries", "time_zone",
         "step"}
DATED = re.compile(r"20\d\d-\d\d-\d\d")
DATA = {"json", "csv", "xlsx"}
SLIDES = "pptx"
# What files for reading say otherwise: what is asked of authors only; a slot's place by its title and day; options and
# figures as tables with one head; what a rule says beside its own sentence.
SAID_OTHERWISE = {
    "checklist.#.section", "checklist.#.topic", "checklist.#.text", "forum_session.day", "forum_session.modality",
    "forum_session.modalities.#", "polls.#.statements.#", "polls.#.text", "polls.#.lines.#.figures.#.label",
    "polls.#.lines.#.figures.#.value", "priorities.text"}
# A talk shows what the group says and what was voted; the discussion and the method stand in the other files.
ON_SLIDES = {
    "lines.#.text", "lines.#.comments.#.text", "lines.#.comments.#.byline", "lines.#.minority.#.text", "lines.#.owner",
    "lines.#.lineage.#", "lines.#.votes.#.words", "polls.#.lines.#.text", "polls.#.title", "polls.#.rule",
    "polls.#.lines.#.texts.#"}
VOTE = {"poll": "p1", "line": "o1", "round": 1, "wording": 2, "is_current": True, "verdict": "consensus_for",
        "label": "consensus for", "words": "9 of 9.", "statement": ""}
EARLIER = {**VOTE, "wording": 1, "is_current": False, "statement": "Words voted on."}


def line(kind: str, number: int) -> dict[str, Any]:
    """A line with everything that one can have."""
    position = {"key": f"m{number}", "line": f"l{number}", "text": "Not so.", "bylines": ["Somebody"], "holders": 1}
    return {"key": f"l{number}", "kind": kind, "number": 1, "text": "A line.",
            "owner": "Owner" if kind == "action" else "", "due_on": None,
            "wording": 2, "earlier_wordings": ["An earlier line."], "lineage": ["From a response."],
            "votes": [EARLIER, VOTE] if kind == "statement" else [], "approved": 3, "commented": 1, "dissented": 1,
            "reviewers": 5, "comments": [{"text": "A remark.", "byline": "A reviewer"}], "minority": [position]}


@pytest.fixture
def written(held: Held) -> dict[str, Any]:
    """A session of a meeting in which everything was voted on, with all that a group can say of it."""
    with zipfile.ZipFile(io.BytesIO(held.bundle)) as archive:
        name = next(one for one in archive.namelist() if one.endswith("summary.json"))
        whole: dict[str, Any] = json.loads(archive.read(name))
    for place, question in enumerate(whole["questions"]):
        question["earlier_wordings"], question["hidden_reasons"] = ["Asked before?"], ["It names somebody."]
        if question["said"] and place == 0:
            question["said"][0]["answered_wording"] = "Asked then?"
    kinds = ("answer", "statement", "open_question", "action")
    position = {"key": "m9", "line": "", "text": "Nothing of it.", "bylines": ["Another"], "holders": 1}
    return whole | {
        "lines": [line(kind, number) for number, kind in enumerate(kinds, start=1)], "minority": [position],
        "edition": {"state": "published", "version": 2, "published_at": "2026-06-17T10:00:00+00:00",
                    "erratum": "A number was wrong."},
        "sign_offs": {"entitled": 9, "listed": ["Listed Person"],
                      "reservations": [{"text": "With a reservation.", "byline": "Somebody"}]}}


def renamed(value: Any, path: tuple[str, ...], found: dict[str, str]) -> Any:
    """The same with a word of its own for every text; `found` is where each of them stands."""
    if isinstance(value, Mapping):
        return {name: renamed(one, (*path, name), found) for name, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, (*path, "#"), found) for one in value]
    if not isinstance(value, str) or not value or DATED.match(value) or SIGNS & set(path):
        return value
    word = f"word{len(found):05d}"
    found[word] = ".".join(path)
    return word


def left_out(extension: str, content: bytes, words: Mapping[str, str]) -> Iterator[str]:
    """The places of the words that a file does not hold."""
    # A label begins a sentence in some formats.
    there = set(re.findall(r"word\d{5}", readable(content, extension).replace("\u2060", "").lower()))
    yield from sorted({place for word, place in words.items() if word not in there})


def test_every_word_stands_in_every_format(written: dict[str, Any], app: Flask) -> None:
    words: dict[str, str] = {}
    document = read_document(SummaryDocument, renamed(written, (), words))
    assert set(words.values()) >= ON_SLIDES | SAID_OTHERWISE
    for one in all_formats().values():
        missing = set(left_out(one.extension, one.write(document), words))
        if one.extension == SLIDES:
            missing &= ON_SLIDES
        elif one.extension not in DATA:
            missing -= SAID_OTHERWISE
        assert not missing, f"{one.name} leaves out {sorted(missing)}"
