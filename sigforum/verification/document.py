"""The summary of one forum session as JSON: its hash, its polls, and the votes that its statements rest on."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sigforum.verification.agreeing import check_agreement
from sigforum.verification.findings import Finding, Status, check, same
from sigforum.verification.matching import differences
from sigforum.verification.polls import Sheets, check_poll, check_priorities
from sigforum.verification.rules import LABELS
from sigforum.verification.shapes import check_shape
from sigforum.verification.sheet import Damaged, collected, recount

# The newest version of the schema that this program knows.
SCHEMA_VERSION = 1


def is_document(content: Any) -> bool:
    """Whether a JSON value is the summary of one forum session."""
    return isinstance(content, Mapping) and {"schema_version", "forum_session", "provenance"} <= content.keys()


def content_sha256(document: Mapping[str, Any]) -> str:
    """The hash of everything but the provenance, in canonical JSON (RFC 8785)."""
    content = {name: value for name, value in document.items() if name != "provenance"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_document(document: Mapping[str, Any], sheets: Sheets, *, file: str) -> list[Finding]:
    """Everything that a summary can be asked beside its sheets. Raises Damaged where it is none."""
    if document["schema_version"] != SCHEMA_VERSION:
        raise Damaged(f"This program does not know version {document['schema_version']} of the summaries' schema, and "
                      "cannot judge what is of it.")
    return collected(_check(document, sheets, file), what="summary")


def _check(document: Mapping[str, Any], sheets: Sheets, file: str) -> Iterator[Finding]:
    yield check_shape(document, file=file)
    yield check(file, "the content has its hash", same(
        "inputs_sha256", document["provenance"]["inputs_sha256"], content_sha256(document)))
    code, title = document["forum_session"]["code"], document["meeting"]["title"]
    for (poll, number), sheet in {**sheets.published, **sheets.interim}.items():
        yield check(file, "the sheet is of this session", [*same("session", sheet["session"], code), *same(
            "meeting", sheet["meeting"], title)], poll=f"p{poll} round {number}")
    for poll in document["polls"]:
        yield from check_poll(poll, sheets, file=file)
    if document["priorities"] is not None:
        yield from check_priorities(document["priorities"], sheets, file=file)
    yield from _check_strays(document, sheets, file)
    yield from _check_invited(document["participation"], file)
    yield from check_agreement(document, file=file)
    for line in document.get("lines", []):
        for vote in line.get("votes", []):
            yield from _check_vote(line, vote, sheets, file)


def _check_invited(found: Mapping[str, Any], file: str) -> Iterator[Finding]:
    """Everybody ever invited accepted, declined, was removed or erased, or has not answered. What was published before
    each was counted says nothing of them."""
    if found.get("unanswered") is None:
        return
    became = sum(found[name] for name in ("accepted", "declined", "removed", "erased", "unanswered"))
    gone = found["removed_later"] + found["erased_later"]
    yield check(file, "what became of everybody invited adds up", [
        *same("invited", found["invited"], became), *same("accepted", found["accepted"] >= gone, True)])


def _check_strays(document: Mapping[str, Any], sheets: Sheets, file: str) -> Iterator[Finding]:
    """Sheets of polls or rounds that the summary does not name."""
    named = {(int(poll["key"][1:]), asked["number"]) for poll in document["polls"] for asked in poll["rounds"]}
    standing = int(document["priorities"]["key"][1:]) if document["priorities"] is not None else None
    for poll, number in sheets.published:
        if (poll, number) in named or poll == standing:
            continue
        name = f"p{poll} round {number}"
        if sheets.published_at is not None:
            yield Finding(file=file, poll=name, status=Status.NOT_COUNTED,
                          what="revealed after this version was published")
        else:
            yield check(file, "the summary names every poll that has a sheet",
                        same("poll", "not in the summary", "in the summary"), poll=name)


def _check_vote(line: Mapping[str, Any], vote: Mapping[str, Any], sheets: Sheets, file: str) -> Iterator[Finding]:
    """A verdict that a statement of the summary's own leans on."""
    name = f"{vote['poll']} round {vote['round']}"
    sheet = sheets.published.get((int(vote["poll"][1:]), vote["round"]))
    if sheet is None or sheet["ballots"] is None:
        yield Finding(file=file, poll=name, statement=line["text"], status=Status.NOT_COUNTED,
                      what="the vote that the statement rests on has no published ballots")
        return
    counted = next((one for one in recount(sheet)["lines"] if one["key"] == vote["line"]), None)
    verdict = counted and counted["verdict"]
    said: dict[str, Any] = {"verdict": "", "label": ""}
    if verdict:
        said = {"verdict": verdict["word"], "label": LABELS[verdict["word"]], "words": verdict["because"]}
    wrong = [*differences(vote, said), *same("line", counted is not None, True)]
    yield check(file, "the vote that the statement rests on", wrong, poll=name, statement=line["text"])
