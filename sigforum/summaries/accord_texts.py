"""What the record can say to the items of the reporting checklist; empty where it is silent."""

from collections import Counter, defaultdict
from collections.abc import Callable

from sigforum.summaries.document.interests import Interests
from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.document.summary import Summary, SummaryDocument
from sigforum.summaries.happened import (
    answered_questions,
    edited,
    replies,
    voted_polls,
    was_written_in,
    were_points_laid,
)
from sigforum.summaries.method_outline import facilitator_text, invitation_text
from sigforum.summaries.outline import dates_text, kind_text, rounds_texts, turnout_text
from sigforum.summaries.wording import SECRECY_TEXTS, VISIBILITY_TEXTS, attribution_text, moment_text
from sigforum.web.rendering import date_range, plural

_PATIENT_WORDS = ("patient", "carer", "caregiver", "public")
# What stands where the whole meeting's answer would fill pages: it is no answer, and is not counted as one.
POINTER = "Each session’s own summary says it in full."
# What is asked of the authors beside what the record says.
ASK_AUDIENCE = "Say for whom the answers are meant, and for which region."
ASK_DIRECTORS = "Say what qualified those who directed the exercise."
ASK_STEPS = "Say what each step was for in this exercise."
# A cell of the checklist that holds more than this is no longer read; each session says it in full.
_LONGEST = 1_200


def title(summary: Summary) -> str:
    """T1."""
    methods = sorted({_name(poll) for poll in _polls(summary)})
    how = f" using {listed(methods)}" if methods else ""
    # A title that is a question or a sentence has its end already.
    joint = " – a" if summary.title.endswith(("?", "!", ".", "…")) else ": a"
    return f"“{summary.title}{joint} consensus meeting{how}”."


def aim(summary: Summary) -> str:
    """I2."""
    asked = [(document.forum_session.code, f"“{document.central_question.text}”") for document in summary.documents
             if document.central_question]
    joined = " ".join(f"{code}: {text}" for code, text in asked)
    question = ""
    if len({text for _, text in asked}) == 1:
        question = f"The central question was {asked[0][1]}. "
    elif asked and len(joined) <= _LONGEST:
        question = f"The central questions were {joined}. "
    elif asked:
        question = f"Each of the {plural(len(asked), 'session')} had a central question of its own. {POINTER} "
    return f"{question}{ASK_AUDIENCE}"


def directors(summary: Summary) -> str:
    """M2."""
    who = _each(summary, facilitator_text)
    return f"{who} {ASK_DIRECTORS}" if who else ""


def recruitment(summary: Summary) -> str:
    """M4."""
    return _each(summary, invitation_text)


def public(summary: Summary) -> str:
    """M5."""
    labels = {group.label for document in summary.documents for group in document.participation.groups}
    found = sorted(label for label in labels if label.lower().startswith(_PATIENT_WORDS) or any(
        f" {word}" in label.lower() for word in _PATIENT_WORDS))
    if not found:
        return ""
    return f"The panel had the stakeholder {'group' if len(found) == 1 else 'groups'} {listed(found)}."


def questions(summary: Summary) -> str:
    """M6."""
    asked = [question for document in summary.documents for question in document.questions if not question.is_retired]
    reworded = sum(bool(question.earlier_wordings) for question in asked)
    if not asked:
        return ""
    put = f"The agenda put {plural(len(asked), 'question')}; "
    if not reworded:
        return f"{put}none was reworded."
    return (f"{put}{reworded} {'was' if reworded == 1 else 'were'} reworded, and each earlier wording is kept with its "
            "responses.")


def steps(summary: Summary) -> str:
    """M9."""
    parts = []
    answered = sum(len(answered_questions(document)) for document in summary.documents)
    if answered:
        asked = sum(len(document.questions) for document in summary.documents)
        to = "each question" if answered == asked > 1 else f"{answered} of {plural(asked, 'question')}"
        parts.append(f"responses were written to {to}")
    if any(map(replies, summary.documents)):
        parts.append("replies were written to responses")
    ranked = [document.priorities for document in summary.documents if were_points_laid(document)]
    if ranked:
        parts.append("points were laid on responses to set priorities" if any(one and one.is_revealed for one in ranked)
                     else "points could be laid on responses to set priorities")
    found = _voted(summary)
    if found:
        rounds = max(len(poll.rounds) for poll in found)
        each = "one round" if rounds == 1 else f"up to {rounds} rounds"
        parts.append(f"votes were cast in {plural(len(found), 'poll')} of {each}")
    return sentence(parts)


def ballots(summary: Summary) -> str:
    """M10."""
    found = _each(summary, lambda document: " ".join(
        f"“{poll.title}” put {plural(len(poll.statements), 'statement')}: {kind_text(poll)}."
        for poll in document.polls))
    explained = " Responses to the questions explained views in words." if any(
        map(answered_questions, summary.documents)) else ""
    return f"{found}{explained}" if found else ""


def objectives(summary: Summary) -> str:
    """M11."""
    parts = ["the discussion gathered views"] if any(map(was_written_in, summary.documents)) else []
    if any(document.priorities and document.priorities.is_revealed and were_points_laid(document)
           for document in summary.documents):
        parts.append("the points ranked responses")
    found = _voted(summary)
    if found:
        parts.append("the polls asked for judgements on statements")
    if any(asked.number > 1 and asked.answered for poll in found for asked in poll.rounds):
        parts.append("later rounds let people reconsider")
    return sentence(parts)


def rules(summary: Summary) -> str:
    """M12."""
    return _each(summary, lambda document: " ".join(
        f"“{poll.title}”: {poll.rule.rstrip('.')}; frozen {moment_text(poll.rounds[0].opened_at)}, "
        f"{'before the first vote' if poll in voted_polls(document) else 'when round 1 opened'}."
        for poll in document.polls if poll.rule))


def repeated(summary: Summary) -> str:
    """M13."""
    found = _polls(summary)
    if not found:
        return ""
    again = [poll.title for poll in found if len(poll.rounds) > 1]
    if not again:
        return "Every poll had one round; no item was voted on again."
    changed = sum(len(poll.deviations) for poll in found)
    return (f"{listed([f'“{one}”' for one in again])} had several rounds. Each later round put the statements again, "
            f"whether or not they had reached consensus; {plural(changed, 'change')} between rounds "
            f"{'is' if changed == 1 else 'are'} recorded as deviations.")


def collection(summary: Summary) -> str:
    """M14."""
    parts = ["responses were written"] if any(map(was_written_in, summary.documents)) else []
    has_votes = bool(_voted(summary)) or any(map(were_points_laid, summary.documents))
    if has_votes:
        parts.append("votes were cast")
    if not parts:
        return ""
    opened = "; votes counted while the poll was open" if has_votes else ""
    return f"{sentence(parts)[:-1]} one by one, each person in an account of their own on an online platform{opened}."


def processing(summary: Summary) -> str:
    """M15."""
    software = sorted({document.provenance.software for document in summary.documents})
    program = listed(software) or "The platform"
    voted = _voted(summary)
    told = [poll for poll in voted if poll.is_revealed]
    parts = []
    if told:
        applied = " and applied the declared rules" if any(poll.rule for poll in told) else ""
        which = "the ballots" if len(told) == len(voted) else "those of results that are revealed"
        parts.append(f"{program} counted the ballots{applied} without any step by hand; {which} can be recounted from "
                     "the tally sheets.")
    elif voted:
        parts.append(f"{program} took the ballots; no result of them is told.")
    if any(document.priorities and document.priorities.is_revealed and were_points_laid(document)
           for document in summary.documents):
        parts.append("Points were added up in the same way." if told else f"{program} added up the points.")
    if any(map(was_written_in, summary.documents)):
        parts.append("Responses are given in the words of their authors.")
    return " ".join(parts)


def feedback(summary: Summary) -> str:
    """M17."""
    if not _polls(summary):
        return "No poll was opened, so there was no feedback between rounds."
    found = _voted(summary)
    if not found:
        return "Nobody voted in a poll, so there was no feedback between rounds."
    later = [asked for poll in found for asked in poll.rounds if asked.number > 1 and asked.answered]
    during = _each(summary, lambda document: " ".join(
        f"“{poll.title}”: {VISIBILITY_TEXTS[poll.visibility]}" for poll in voted_polls(document)))
    seen = sum(asked.had_feedback for asked in later)
    again = f" In {seen} of {plural(len(later), 'later round')} voters saw the group’s earlier result." if later else ""
    return f"{during}{again}"


def anonymity(summary: Summary) -> str:
    """M18."""
    return _each(summary, lambda document: " ".join([
        *([attribution_text(document)] if was_written_in(document) else []),
        *(f"“{poll.title}”: {SECRECY_TEXTS[poll.secrecy]}" for poll in document.polls)]))


def neutrality(summary: Summary) -> str:
    """M19."""
    rounds = [asked for poll in _polls(summary) for asked in poll.rounds]
    done = ["opened"] if rounds else []
    done += ["closed"] if any(asked.closed_at for asked in rounds) else []
    done += ["revealed"] if any(asked.revealed_at for asked in rounds) else []
    ran = f", and they or the organizers {listed(done)} polls" if done else ""
    return ("Nobody could vote while they were organizer, facilitator or observer. Facilitators could write "
            f"responses{ran}.")


def dates(summary: Summary) -> str:
    """R1."""
    when = dates_text(summary)
    held = _each(summary, lambda document: " ".join(
        [*([f"On the agenda for {date_range(document.forum_session.held_on, None)}."]
           if document.forum_session.held_on else []),
         *(f"“{poll.title}”: {' '.join(rounds_texts(poll, is_frozen=document.is_frozen))}"
           for poll in document.polls)]))
    return " ".join(filter(None, [f"Dates of the meeting: {when}." if when else "", held]))


def deviations(summary: Summary) -> str:
    """R2."""
    if not _polls(summary):
        return "No poll was opened, so that nothing was frozen that could be changed."
    made = [f"“{poll.title}”, from round {one.from_round} on: {one.what} was changed. Reason: {one.reason}"
            for poll in _polls(summary) for one in poll.deviations]
    return " ".join(made) or "Nothing that was frozen when a poll opened was changed afterwards."


def participants(summary: Summary) -> str:
    """R3."""
    return _each(summary, lambda document: " ".join([
        f"{document.participation.accepted} of {document.participation.invited} invited people accepted"
        f"{f' ({document.participation.outcomes_text})' if document.participation.outcomes_text else ''}.",
        *(f"“{poll.title}”: {turnout_text(poll.turnout)}" for poll in document.polls),
        "By stakeholder group: see the tables of participation." if document.participation.groups else ""]).strip(),
        short=f"{plural(len(_polls(summary)), 'poll')} {'was' if len(_polls(summary)) == 1 else 'were'} opened in "
              f"{plural(len(summary.documents), 'session')}.")


def outcome(summary: Summary) -> str:
    """R4."""
    labels = Counter(line.verdict.label for poll in _polls(summary) for line in poll.lines if line.verdict)
    counts = ", ".join(f"{count} {label}" for label, count in sorted(labels.items()))
    return _each(summary, lambda document: " ".join(
        f"“{line.text.rstrip('.')}”: {line.verdict.label} ({line.verdict.because.rstrip('.')})."
        for poll in document.polls for line in poll.lines if line.verdict),
        short=f"Verdicts on {plural(labels.total(), 'statement')}: {counts}.")


def changes(summary: Summary) -> str:
    """R5."""
    reworded = sum(bool(question.earlier_wordings) for one in summary.documents for question in one.questions)
    retired = sum(question.is_retired for one in summary.documents for question in one.questions)
    withdrawn = sum(one.participation.withdrawn for one in summary.documents)
    hidden = sum(one.participation.hidden for one in summary.documents)
    found = [f"{plural(reworded, 'question')} reworded"] if reworded else []
    found += [f"{plural(retired, 'question')} taken off the agenda"] if retired else []
    found += ([f"{plural(withdrawn, 'response')} withdrawn by {'its author' if withdrawn == 1 else 'their authors'}"]
              if withdrawn else [])
    found += [f"{plural(hidden, 'response')} hidden by a facilitator with the reason given"] if hidden else []
    reworked = sum(map(edited, summary.documents))
    found += [f"{reworked} {'response or reply' if reworked == 1 else 'responses or replies'} edited by "
              f"{'its author' if reworked == 1 else 'their authors'}, given in the newest words"] if reworked else []
    if found:
        return f"{listed(found)}."
    return ("No question and no response was changed or removed." if any(map(was_written_in, summary.documents))
            else "No question was changed or removed, and no response was written.")


def interests(summary: Summary) -> str:
    """O2."""
    return _each(summary, lambda document: document.interests.text if document.interests and _is_asked(
        document.interests) else "", short="Interests were declared session by session.")


def _is_asked(found: Interests) -> bool:
    """Whether anybody declared anything or was recused; else the record says nothing of interests."""
    return bool(found.declared or found.nothing or found.recused)


def _polls(summary: Summary) -> list[PollSummary]:
    return [poll for document in summary.documents for poll in document.polls]


def _voted(summary: Summary) -> list[PollSummary]:
    return [poll for document in summary.documents for poll in voted_polls(document)]


def _name(poll: PollSummary) -> str:
    rounds = len(poll.rounds)
    return f"{poll.kind_label.lower()} in {plural(rounds, 'round')}"


def _each(summary: Summary, write: Callable[[SummaryDocument], str], *, short: str = "") -> str:
    """What is said of each forum session: under its code, once where all say the same, and by a pointer where the
    whole meeting's would fill pages."""
    # A list: versions that were published on other days may have one code.
    found = [(document.forum_session.code, text) for document in summary.documents if (text := write(document).strip())]
    if len({text for _, text in found}) <= 1 and len(found) in (0, len(summary.documents)):
        return found[0][1] if found else ""
    alike: dict[str, list[str]] = defaultdict(list)
    for code, text in found:
        alike[text].append(code)
    # One sentence is said once, of all the sessions for which it holds.
    joined = " ".join(f"{listed(codes)}: {text}" for text, codes in alike.items())
    return joined if len(joined) <= _LONGEST else f"{short} {POINTER}".strip()


def listed(parts: list[str]) -> str:
    """Parts with commas and an "and"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def sentence(parts: list[str]) -> str:
    """The same as a sentence; empty where there are none."""
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
