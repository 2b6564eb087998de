"""A summary against itself: its words, dissent, signatures and counts must not contradict each other."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.verification.findings import Difference, Finding, check, same
from sigforum.verification.matching import SUMMARY, differences

Document = Mapping[str, Any]
_CHECKLIST = ("record", "draft", "authors")


def check_agreement(document: Document, *, file: str) -> Iterator[Finding]:
    """What can be said without any other file."""
    lines = document.get("lines") or []
    for line in lines:
        yield check(file, "the statement has the words that were voted on", _words(line, document),
                    otherwise="the statement has other words than those that were voted on", statement=line["text"])
        yield check(file, "reviews and dissent of the line add up", _reviews(line, document),
                    otherwise="reviews and dissent of the line do not add up", statement=line["text"])
    yield check(file, "the lines are numbered and named once", _numbers(lines),
                otherwise="a line is missing, doubled or out of its order")
    yield check(file, "minority positions and signatures add up", _behind(document),
                otherwise="minority positions or signatures do not add up")
    yield check(file, "the people and texts that are counted are there", _people(document),
                otherwise="people or texts were counted otherwise than they are there")
    yield check(file, "interests add up", _interests(document.get("interests")), otherwise="interests do not add up")
    yield check(file, "groups add up", _groups(document), otherwise="groups do not add up")
    yield check(file, "the checklist has every item once", _checklist(document.get("checklist") or []),
                otherwise="items of the checklist are missing, doubled or of no status")


def _words(line: Mapping[str, Any], document: Document) -> Iterator[Difference]:
    """A vote belongs to the very words that were voted on, and says what that poll's line says."""
    wordings = [*line["earlier_wordings"], line["text"]]
    if len(wordings) > line["wording"]:
        yield Difference(where="earlier_wordings", said=len(wordings) - 1, counted=f"under {line['wording']}")
    polls = {poll["key"]: poll for poll in document["polls"]}
    for vote in line["votes"]:
        poll = polls.get(vote["poll"])
        voted = next((one for one in poll["lines"] if one["key"] == vote["line"]), None) if poll else None
        if poll is None or voted is None:
            yield Difference(where="vote", said=f"{vote['poll']} {vote['line']}", counted="a result of this summary")
            continue
        yield from same("text", _one_line(_voted_on(vote, line, wordings)), _one_line(voted["text"]))
        yield from same("vote.is_current", vote["is_current"], vote["wording"] == line["wording"])
        yield from same("vote.round", vote["round"], poll["rounds"][-1]["number"])
        verdict = voted["verdict"] or {"word": "", "label": "", "because": "; ".join(
            f"{figure['label']}: {figure['text']}" for figure in voted["figures"])}
        if vote.get("statement"):
            yield from same("vote.statement", _one_line(vote["statement"]), _one_line(voted["text"]))
        yield from differences(vote, {"verdict": verdict["word"], "label": verdict["label"],
                                      "words": verdict["because"]}, where="vote")


def _voted_on(vote: Mapping[str, Any], line: Mapping[str, Any], wordings: Sequence[str]) -> str:
    """The words that a vote says it is on; earlier versions have them in the place of the wording's number."""
    number = vote["wording"]
    if number == line["wording"]:
        return str(line["text"])
    if vote.get("statement"):
        return str(vote["statement"]) if _one_line(vote["statement"]) in map(_one_line, wordings) else "(no wording)"
    return wordings[number - 1] if 1 <= number <= len(wordings) else "(no wording)"


def _reviews(line: Mapping[str, Any], document: Document) -> Iterator[Difference]:
    said = line["approved"] + line["commented"] + line["dissented"]
    if min(line["approved"], line["commented"], line["dissented"]) < 0 or said > line["reviewers"]:
        yield Difference(where="reviews", said=said, counted=f"at most {line['reviewers']} reviewers")
    yield from same("comments", len(line["comments"]), line["commented"])
    signed = document.get("sign_offs")
    if signed and line["reviewers"] > signed["entitled"]:
        yield Difference(where="reviewers", said=line["reviewers"],
                         counted=f"at most {signed['entitled']} who can sign")
    for one in line["minority"]:
        yield from same("minority.line", one["line"], line["key"])
        yield from _position(one)


def _position(position: Mapping[str, Any]) -> Iterator[Difference]:
    if not len(position["bylines"]) <= position["holders"] or position["holders"] < 1:
        yield Difference(where="minority.holders", said=position["holders"],
                         counted=f"at least {max(1, len(position['bylines']))}")


def _numbers(lines: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    counted: Counter[str] = Counter()
    for line in lines:
        counted[line["kind"]] += 1
        yield from same(f"number of {line['key']}", line["number"], counted[line["kind"]])
    yield from _doubled([line["key"] for line in lines], "line")


def _doubled(keys: Sequence[str], where: str) -> Iterator[Difference]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Difference(where=f"{where} {key}", said=f"{times} times", counted="once")


def _behind(document: Document) -> Iterator[Difference]:
    positions = [*(document.get("minority") or ()), *(
        one for line in document.get("lines") or () for one in line["minority"])]
    yield from _doubled([one["key"] for one in positions], "minority position")
    for one in document.get("minority") or ():
        yield from same("minority.line", one["line"], "")
        yield from _position(one)
    signed = document.get("sign_offs")
    if signed and len(signed["reservations"]) > len(signed["listed"]):
        yield Difference(where="sign_offs.reservations", said=len(signed["reservations"]),
                         counted=f"at most {len(signed['listed'])} who signed")


def _people(document: Document) -> Iterator[Difference]:
    found = document["participation"]
    questions = document["questions"]
    for name in ("responses", "replies", "withdrawn"):
        yield from same(f"participation.{name}", found[name], sum(one[name] for one in questions))
    yield from same("participation.hidden", found["hidden"], sum(len(one["hidden_reasons"]) for one in questions))
    for question in questions:
        standing = [one for one in question["said"] if one["state"] == "standing"]
        replies = [one for said in question["said"] for one in said["replies"] if one["state"] == "standing"]
        yield from same(f"{question['key']}.responses", question["responses"], len(standing))
        yield from same(f"{question['key']}.replies", question["replies"], len(replies))
    said = [one["key"] for question in questions for response in question["said"]
            for one in (response, *response["replies"])]
    yield from _doubled(said, "response")
    yield from _doubled([poll["key"] for poll in document["polls"]], "poll")
    if document["forum_session"]["attribution"] == "chatham":
        yield from (Difference(where=f"{one['key']}.name", said=one["name"], counted="no name under this rule")
                    for question in questions for response in question["said"]
                    for one in (response, *response["replies"]) if one["name"] or one["affiliation"])


def _interests(found: Mapping[str, Any] | None) -> Iterator[Difference]:
    if found is None:
        return
    counts = [found[name] for name in ("declared", "nothing", "unanswered")]
    if None in counts:
        yield from same("interests", [found[name] for name in ("declared", "nothing", "unanswered", "financial",
                                                               "advocacy")], [None] * 5)
        return
    yield from same("interests.people", found["people"], sum(counts))
    for name in ("financial", "advocacy"):
        if not 0 <= found[name] <= found["declared"]:
            yield Difference(where=f"interests.{name}", said=found[name], counted=f"at most {found['declared']}")


def _groups(document: Document) -> Iterator[Difference]:
    for poll in document["polls"]:
        groups = poll.get("groups")
        if not groups:
            continue
        voters = [one["voters"] for one in groups["groups"]]
        if sum(voters) > poll["turnout"]["answered"]:
            yield Difference(where=f"{poll['key']} voters", said=sum(voters),
                             counted=f"at most {poll['turnout']['answered']} who answered")
        texts = {line["key"]: line["text"] for line in poll["lines"]}
        for line in groups["lines"]:
            yield from same(f"{poll['key']} groups.text", line["text"], texts.get(line["key"]))
            yield from same(f"{poll['key']} groups.cells", len(line["cells"]), len(voters))
            yield from _shared(line, voters, f"{poll['key']} {line['key']} shared")
    rounds = {(poll["key"], one["number"]): one["answered"] for poll in document["polls"] for one in poll["rounds"]}
    answers = (document.get("method") or {"answers": ()})["answers"]
    standing = document["priorities"]["key"] if document["priorities"] else None
    named = [(one["poll"], one["round"]) for one in answers if one["poll"] != standing]
    if answers:
        yield from same("method.answers", sorted(named), sorted(rounds))
    yield from _doubled([f"{one['poll']} round {one['round']}" for one in answers], "answers of")
    for one in answers:
        told = [group["answered"] for group in one["groups"] if group["answered"] is not None]
        most = rounds.get((one["poll"], one["round"]))
        if most is not None and sum(told) > most:
            yield Difference(where=f"{one['poll']} round {one['round']} answered", said=sum(told),
                             counted=f"at most {most}")


def _shared(line: Mapping[str, Any], voters: Sequence[int], where: str) -> Iterator[Difference]:
    """The product over the groups, taken from what is printed."""
    cells = [str(cell) for cell in line["cells"]]
    if line["shared"] is None or not all(cell.isdecimal() for cell in cells) or len(cells) != len(voters):
        return
    product = Fraction(1)
    for cell, size in zip(cells, voters, strict=True):
        if int(cell) > size:
            yield Difference(where=where, said=cell, counted=f"at most {size} of the group")
        product *= Fraction(int(cell) + 1, size + 2)
    yield from differences(line["shared"], product, where=where, margin=SUMMARY)


def _checklist(items: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    yield from _doubled([item["number"] for item in items], "item")
    letters = [item["number"][0] for item in items]
    for letter in dict.fromkeys(letters):
        numbers = [item["number"][1:] for item in items if item["number"][0] == letter]
        yield from same(f"items {letter}", numbers, [str(place) for place, _ in enumerate(numbers, start=1)])
    for item in items:
        if item["status"] not in _CHECKLIST:
            yield Difference(where=f"item {item['number']}", said=item["status"], counted=" or ".join(_CHECKLIST))


def _one_line(text: str) -> str:
    return " ".join(text.split())
