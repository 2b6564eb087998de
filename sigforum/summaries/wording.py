"""How a summary's values read, the same in every format and on the page."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from markupsafe import Markup, escape

from sigforum.kernel.excerpts import beginning
from sigforum.kernel.text import drawn
from sigforum.summaries.document.facts import ForumSessionFacts
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.polls import MovementSummary, Step
from sigforum.summaries.document.said import Said
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.document.synthesis import Presence
from sigforum.threads.domain import Byline
from sigforum.threads.text import directed_html
from sigforum.web.rendering import day_text, zone_name

ATTRIBUTION_TEXTS = {
    "named": "Responses carry the names of their authors.",
    "role": "Responses carry stakeholder groups of three or more people, not names.",
    "chatham": "Responses carry neither names nor affiliations (Chatham House rule).",
}
SECRECY_TEXTS = {
    "open": "The ballot was open: who voted how is shown with the result.",
    "confidential": "Nobody is shown who voted how.",
    "secret": "The ballot was secret: votes are stored without names.",
}
VISIBILITY_TEXTS = {
    "live": "Totals were shown while people voted.",
    "after_reveal": "While people voted, everyone saw only how many had voted.",
}
# The look of each verdict word, in the pages' own vocabulary.
VERDICT_LOOKS = {"consensus_for": "for", "consensus_against": "against", "no_consensus": "none",
                 "disagreement": "disagreement", "too_few": "few"}
# Whoever is not to be named.
NOBODY = "A participant"
_TAKEN_BACK = {"withdrawn": "A response withdrawn by its author",
               "hidden": "A response hidden by a facilitator"}


def moment_text(moment: datetime | None) -> str:
    """A moment as a document has it, on the clocks of the meeting and with their name: 16 June 2026, 14:03 UTC."""
    return "–" if moment is None else f"{day_text(moment.date())}, {moment:%H:%M} {zone_name(moment)}"


def posted_text(said: Said) -> str:
    """When it was said: to the minute beside a name, and without one by the day alone, for who was seen writing at
    that minute would be known."""
    return moment_text(said.posted_at) if said.name else day_text(said.posted_at.date())


def byline_text(said: Said) -> str:
    """Who said it, as far as the attribution rule allows."""
    if said.state != "standing":
        return _TAKEN_BACK[said.state]
    return name_text(said)


def name_text(byline: Byline | Said) -> str:
    """A byline in words; who is not to be named is a participant."""
    if byline.name:
        return f"{byline.name}, {byline.affiliation}" if byline.affiliation else byline.name
    return f"Stakeholder group: {byline.group}" if byline.group else NOBODY


def everybody_text(found: Participation | Presence) -> str:
    """What became of everybody ever invited."""
    rest = f"; {found.outcomes_text}" if found.outcomes_text else ""
    return (f"Everybody ever invited stays counted: {found.invited} {'was' if found.invited == 1 else 'were'} invited, "
            f"{found.accepted} accepted{rest}.")


def attribution_text(document: SummaryDocument) -> str:
    """Under which bylines the responses stand, counted: a rule that names authors names none who did not agree, and
    none who wrote under a stricter rule."""
    rule = document.forum_session.attribution
    standing = [said for question in document.questions for top in question.said for said in (top, *_below(top))
                if said.state == "standing"]
    named, grouped = sum(bool(said.name) for said in standing), sum(bool(said.group) and not said.name
                                                                    for said in standing)
    told = {"named": named, "role": grouped}.get(rule, len(standing))
    if told == len(standing):
        return ATTRIBUTION_TEXTS[rule]
    carried = f"{told} of {len(standing)} responses and replies carry "
    if rule == "named":
        return (f"{carried}the names of their authors; the others stand without, because they were written under a "
                f"stricter rule{', or their authors did not agree to be quoted' if document.is_frozen else ''}.")
    return (f"{carried}a stakeholder group of three or more people; the others carry none, because their group is "
            "smaller or they were written under a stricter rule.")


def _below(said: Said) -> Iterator[Said]:
    for reply in said.replies:
        yield reply
        yield from _below(reply)


def moved_text(moved: MovementSummary) -> str:
    """Who moved: how many answered in both rounds, and, where people rated, what of those who rated in both."""
    text = f"of those who answered in both rounds {moved.words}."
    return f"{text} Of those who rated in both rounds {moved.stability}" if moved.stability else text


def open_text(*, is_frozen: bool) -> str:
    """How a round reads that has no end yet."""
    return "open when this version was published" if is_frozen else "still open"


def unrevealed_text(document: SummaryDocument) -> str:
    """How a result reads that nobody may see yet."""
    return ("The result was not revealed when this version was published." if document.is_frozen
            else "The result is not revealed.")


def points_text(document: SummaryDocument) -> str:
    """How points were laid; empty where there are no priorities. A version that was published stands still."""
    found = document.priorities
    if found is None:
        return ""
    moving = ""
    if found.state == "open":
        moving = (" These are the points as they lay when this version was published." if document.is_frozen
                  else " Points can still be moved.")
    return (f"Points laid by {found.turnout.answered} of {found.turnout.entitled} entitled people; {found.budget} "
            f"each, at most {found.per_item} on one response.{moving}")


def place_facts(forum_session: ForumSessionFacts) -> list[str]:
    """Where the forum session stands in the meeting: day, slot, theme, modality; what is not known is left out."""
    day = day_text(forum_session.held_on) if forum_session.held_on else forum_session.day
    slot = forum_session.slot_title
    if forum_session.slot_number is not None:
        slot = f"Slot {forum_session.slot_number}: {slot}" if slot else f"Slot {forum_session.slot_number}"
    return [fact for fact in (day, slot, forum_session.theme, forum_session.modality) if fact]


def chart_steps(distribution: Iterable[Step]) -> list[tuple[int, int]]:
    """A distribution as the histogram draws it."""
    return [(int(step.step), step.count) for step in distribution]


def said_html(text: str) -> Markup:
    """A response as safe HTML without headings of its own, which would break into the document's outline."""
    return Markup(re.sub(r"<(/?)h[1-6]\b", r"<\1p", str(directed_html(text))))


def gist(text: str, most: int = 28) -> str:
    """The beginning of a response in one line, as it reads without its Markdown."""
    return beginning(text, most)


def unbroken(text: str) -> Markup:
    """A title whose short hyphenated names (CAR-T) stay on one line; the text itself is unchanged."""
    return Markup(re.sub(r"\b\w{1,5}-\w{1,2}\b", r'<span class="nowrap">\g<0></span>', str(escape(text))))


def legal_text(text: str) -> str:
    """Text without the control characters and half pairs that XML, and so every office file, cannot hold."""
    return drawn(text)
