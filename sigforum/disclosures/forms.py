"""Reading what people declare and acknowledge into values, or errors by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sigforum.disclosures.domain import LONGEST_INTEREST, LONGEST_NOTICE, Declared, Stance
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import paragraphs


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """An acknowledgement as it was sent; `notice` is the number of the text that was read."""

    notice: int
    attribution: str
    may_be_listed: bool
    may_be_quoted: bool


def parse_disclosures(form: Mapping[str, str], forum_session_ids: Iterable[int]) -> dict[int | None, Declared]:
    """What is declared, by forum session and None for the whole meeting. Raises Invalid by field."""
    errors: dict[str, str] = {}
    found: dict[int | None, Declared] = {None: _declared(form, "", errors)}
    for identifier in forum_session_ids:
        found[identifier] = _declared(form, f"-{identifier}", errors)
    if errors:
        raise Invalid(errors)
    return found


def _declared(form: Mapping[str, str], suffix: str, errors: dict[str, str]) -> Declared:
    # A session that the form does not speak of stays as the whole meeting.
    word = form.get(f"stance{suffix}", Stance.AS_MEETING.value if suffix else "")
    texts = {name: paragraphs(form.get(f"{name}{suffix}", "")) for name in ("financial", "advocacy")}
    if word not in set(Stance) or (word == Stance.AS_MEETING and not suffix):
        errors[f"stance{suffix}"] = "Choose one: you have interests to declare, or nothing to declare."
        return Declared(stance=Stance.NOTHING)
    if word != Stance.INTERESTS:
        if any(texts.values()):
            chosen = "nothing to declare" if word == Stance.NOTHING else "as for the whole meeting"
            errors[f"stance{suffix}"] = f"You wrote an interest and chose “{chosen}”. Which of them is it?"
        return Declared(stance=Stance(word))
    for name, text in texts.items():
        if len(text) > LONGEST_INTEREST:
            errors[f"{name}{suffix}"] = f"At most {LONGEST_INTEREST:,} characters."
    if not any(texts.values()):
        errors[f"financial{suffix}"] = "Say which interest it is, in one of the two fields."
    return Declared(stance=Stance.INTERESTS, **texts)


def parse_entry(form: Mapping[str, str]) -> NewEntry:
    """An acknowledgement. Raises Invalid where the page was not of this form."""
    number = form.get("notice", "")
    if not number.isdecimal() or len(number) > 9:
        raise Invalid({"": "The page is out of date. Reload it and read the rules again."})
    return NewEntry(notice=int(number), attribution=form.get("attribution", ""),
                    may_be_listed=bool(form.get("may_be_listed")), may_be_quoted=bool(form.get("may_be_quoted")))


def parse_notice(raw: str) -> str:
    """The text of a notice. Raises Invalid, by field `text`."""
    text = paragraphs(raw)
    if not text:
        raise Invalid({"text": "Write the notice, or leave the one that is there."})
    if len(text) > LONGEST_NOTICE:
        raise Invalid({"text": f"At most {LONGEST_NOTICE:,} characters: it is read on a phone."})
    return text
