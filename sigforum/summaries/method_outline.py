"""The appendix on method: who was asked, how, under which frozen terms, and how the numbers were made."""

from collections.abc import Iterator
from typing import Any

from sigforum.consensus.proportions import percent_text
from sigforum.summaries.blocks import Block, Bullets, Heading, Paragraph, Slide, Table
from sigforum.summaries.columns import SESSION, DataTable, count, words
from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.flow import flow_chart
from sigforum.summaries.happened import took_place, was_written_in
from sigforum.summaries.outline import kind_text, rounds_texts
from sigforum.summaries.wording import SECRECY_TEXTS, VISIBILITY_TEXTS, attribution_text, moment_text
from sigforum.web.rendering import date_range, plural

TOO_SMALL = "The stakeholder groups are too small for answers to be counted apart."
UNTOLD = ("How many of each stakeholder group answered is not told: neither while people vote, nor where a number "
          "would speak of one or two people, alone or by subtraction.")


def method(document: SummaryDocument) -> Iterator[Block]:
    """The section; nothing for a summary that was published before it was kept."""
    if document.method is None:
        return
    yield Heading(level=2, text="How this was done")
    yield Heading(level=3, text="Who was invited")
    yield Paragraph(text=invitation_text(document))
    attributed = f" {attribution_text(document)}" if was_written_in(document) else ""
    yield Paragraph(text=f"{facilitator_text(document)}{attributed}")
    yield Heading(level=3, text="How many answered")
    yield flow_chart(document)
    yield from _answers(document)
    yield Heading(level=3, text="What was asked, and on which terms")
    yield from _terms(document)
    yield Heading(level=3, text="Deviations")
    yield from _deviations(document)
    yield Heading(level=3, text="How the numbers were made")
    yield Bullets(items=tuple(convention_texts(document)))


def invitation_text(document: SummaryDocument) -> str:
    """Invited and accepted, with dates."""
    found, counts = document.method, document.participation
    when = ""
    if found is not None and found.invited_from is not None:
        when = (f" on {date_range(found.invited_from, None)}" if found.invited_from == found.invited_until
                else f" between {date_range(found.invited_from, None)} and {date_range(found.invited_until, None)}")
    share = f" ({percent_text(counts.accepted, counts.invited)})" if counts.invited else ""
    rest = f"; {counts.outcomes_text}" if counts.outcomes_text else ""
    posted = "" if counts.posted is None else f" {counts.posted} wrote at least one response or reply that stands."
    return (f"Taking part was by invitation. {plural(counts.invited, 'person', 'people')} "
            f"{'was' if counts.invited == 1 else 'were'} invited to this session{when}; {counts.accepted} "
            f"accepted{share}{rest}.{posted}")


def facilitator_text(document: SummaryDocument) -> str:
    """Who ran the session, by role, and by name where people may be named; empty where no method is kept."""
    found = document.method
    if found is None:
        return ""
    if not found.facilitators:
        return "The record names no facilitator of the session; organizers can run every session."
    names = f" ({', '.join(found.facilitator_names)})" if found.facilitator_names else ""
    ran = "ran" if took_place(document) else "is to run" if found.facilitators == 1 else "are to run"
    return (f"{plural(found.facilitators, 'facilitator')}{names} {ran} the session. Nobody could vote while they were "
            "facilitator or organizer.")


def terms_text(poll: PollSummary, *, is_frozen: bool) -> str:
    """What froze when a poll opened, in sentences."""
    rule = f" Rule: {poll.rule.rstrip('.')}." if poll.rule else " No rule of consensus was declared."
    # Nobody saw anything while they voted where nobody did.
    seen = f" {VISIBILITY_TEXTS[poll.visibility]}" if any(asked.answered for asked in poll.rounds) else ""
    return (f"“{poll.title}” ({kind_text(poll)}). Frozen {moment_text(poll.rounds[0].opened_at)}, when round 1 opened, "
            f"as sha256 {poll.frozen_sha256}.{rule}{seen} {SECRECY_TEXTS[poll.secrecy]} "
            + " ".join(rounds_texts(poll, is_frozen=is_frozen)))


def convention_texts(document: SummaryDocument) -> Iterator[str]:
    """Conventions behind the numbers; only those that some number here rests on."""
    if any(poll.lines for poll in document.polls):
        yield (f"Shares are printed as n of N{_interval_text(document)}. Whom N counts is said by the rule; who "
               "was recused is never part of it, and “outside my expertise” is an answer of its own.")
    if any(poll.scale is not None for poll in document.polls):
        yield ("Medians and quartiles in tables are read linearly between the two neighbours (type 7 of Hyndman and "
               "Fan); a rule that reads percentiles otherwise says so in its own words.")
    if any(line.verdict for poll in document.polls for line in poll.lines):
        yield ("Each verdict follows from the declared rule and the votes of the newest round alone. It was computed "
               "again without each person in turn to see whether one person less would change it.")
    if document.priorities is not None:
        yield (f"Priorities: each person had {document.priorities.budget} points, at most "
               f"{document.priorities.per_item} on one response; equal points share a rank.")
    yield "Stakeholder groups are counted apart from three people on, also against subtraction from the totals."
    libraries = f" ({', '.join(document.provenance.libraries)})" if document.provenance.libraries else ""
    yield f"Software: {document.provenance.software}{libraries}."


def _interval_text(document: SummaryDocument) -> str:
    """Which shares have intervals here: those of ratings, and of choices and motions under older terms."""
    having = {poll.kind_label.lower(): poll.scale is not None for poll in document.polls for line in poll.lines
              if line.share is not None and line.share.low_percent is not None}
    if not having:
        return ""
    older = [label for label, is_rating in sorted(having.items()) if not is_rating]
    also = f", and here those of {' and '.join(older)} under earlier terms" if older else ""
    return (f"; those of ratings have a 95 % Wilson score interval beside them{also}, which is as if the panel were a "
            "random sample of a larger one; motions and elections have none")


def answers_table(document: SummaryDocument) -> Table | None:
    """Answers by stakeholder group, a row a round; None where no round can be told apart by groups."""
    found = document.method.answers if document.method else ()
    # A round of which nothing is told would be a row of dashes.
    apart = [one for one in found if any(group.answered is not None for group in one.groups)]
    if not apart:
        return None
    titles = _titles(document)
    labels = [group.label for group in apart[0].groups]
    return Table(
        caption="Answers by stakeholder group, of those who accepted. A dash stands for a number that would speak of "
                "one or two people, alone or by subtraction.",
        columns=("Round", *labels),
        rows=tuple((f"{titles[one.poll]}, round {one.round}",
                    *(f"{'–' if group.answered is None else group.answered} of {group.accepted}"
                      for group in one.groups)) for one in apart if one.poll in titles))


def _titles(document: SummaryDocument) -> dict[str, str]:
    titles = {poll.key: poll.title for poll in document.polls}
    return titles | ({document.priorities.key: "Priorities"} if document.priorities else {})


def _answers(document: SummaryDocument) -> Iterator[Block]:
    table = answers_table(document)
    if table is not None:
        yield table
    elif document.polls or (document.priorities is not None and document.priorities.turnout.answered):
        yield Paragraph(text=UNTOLD if document.participation.groups else TOO_SMALL, look="fine")


def _terms(document: SummaryDocument) -> Iterator[Block]:
    if not document.polls:
        yield Paragraph(text="No poll was opened in this session.")
    else:
        yield Bullets(items=tuple(terms_text(poll, is_frozen=document.is_frozen) for poll in document.polls))


def _deviations(document: SummaryDocument) -> Iterator[Block]:
    made = [f"“{poll.title}”, from round {one.from_round} on ({moment_text(one.made_at)}): {one.what} was "
            f"“{one.before}” and became “{one.after}”. Reason: {one.reason}"
            for poll in document.polls for one in poll.deviations]
    if made:
        yield Bullets(items=tuple(made))
    elif not document.polls:
        yield Paragraph(text="No poll was opened, so that nothing was frozen that could be changed.")
    else:
        yield Paragraph(text="Nothing that was frozen was changed.")


def slides(document: SummaryDocument) -> Iterator[Slide]:
    """The way of the participants, where there was a poll to answer."""
    if document.method is not None and document.polls:
        yield Slide(title="From invitation to answer", blocks=(flow_chart(document),),
                    notes="\n".join([invitation_text(document),
                                     *(terms_text(poll, is_frozen=document.is_frozen) for poll in document.polls)]))


def _rows(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for one in document.method.answers if document.method else ():
        for group in one.groups:
            yield (document.forum_session.code, f"{one.poll}-{one.round} {group.label}", one.poll, one.round,
                   group.label, group.accepted, group.answered)


ANSWERS = DataTable(
    name="Answers by group", section="answers_by_group", rows=_rows, part_of=2, columns=(
        SESSION, words("item", "Key of poll and round, and the group", 24), words("poll", "Key of the poll", 9),
        count("round", "Number of the round"), words("group", "Stakeholder group", 24),
        count("accepted", "People of the group who accepted"),
        count("answered", "Of these, who answered; empty where it would speak of one or two people")))
