"""What of a meeting's news is told to whom: nothing of one's own, nothing seen, and nothing one may not see."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.digests.domain import EXCERPT_WORDS, PollNews, Reader, Said, SessionNews, SummaryNews
from sigforum.digests.happenings import POLLS, SAID, SUMMARIES, Happening
from sigforum.digests.material import Material, read_material
from sigforum.people.domain import Viewer
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.models import SessionSummary
from sigforum.threads.domain import Byline
from sigforum.threads.models import Response
from sigforum.threads.queries import byline_of
from sigforum.web.rendering import first_words

# What a state of a poll must have been brought about by, to be news.
_MADE_BY = {PollState.OPEN: {"poll_open"}, PollState.REVEALED: {"poll_reveal"}, PollState.DECIDED: {"poll_decide"}}
_SUMMARY_MADE_BY = {SummaryState.IN_REVIEW: "summary_ask_review", SummaryState.PUBLISHED: "summary_publish"}


def gather(meeting_id: int, readers: Collection[Reader]) -> Mapping[int, tuple[SessionNews, ...]]:
    """The news of each of some readers by person, session by session in the order of the agenda. Whoever is not here
    has none, or is no live member."""
    material = read_material(meeting_id, readers)
    if material is None:
        return {}
    found = {one.person_id: _of_reader(material, one) for one in readers if one.person_id in material.viewers}
    return {person_id: news for person_id, news in found.items() if news}


def _of_reader(material: Material, reader: Reader) -> tuple[SessionNews, ...]:
    viewer = material.viewers[reader.person_id]
    happened = [one for one in material.happened if reader.after < one.number <= reader.up_to]
    said, polls, summaries = (
        _by_session(rows, [one for one in happened if one.verb in verbs])
        for rows, verbs in ((material.responses, SAID), (material.polls, POLLS), (material.summaries, SUMMARIES)))
    found = [SessionNews(
        code=one.code, title=one.title, is_gated=material.is_gated(viewer, one.id),
        to_me=tuple(_said(material, viewer, one, said[one.id], is_to_me=True)),
        said=tuple(_said(material, viewer, one, said[one.id], is_to_me=False)),
        polls=tuple(_polls(material, viewer, polls[one.id])),
        summary=_summary(material, viewer, summaries[one.id])) for one in material.forum_sessions]
    return tuple(one for one in found if not one.is_empty)


def _by_session(rows: Mapping[int, Response | Poll | SessionSummary],
                happened: Sequence[Happening]) -> Mapping[int, list[Happening]]:
    """What happened, by the forum session in which the row it was done to stands now."""
    found: dict[int, list[Happening]] = defaultdict(list)
    for one in happened:
        if one.thing_id in rows:
            found[rows[one.thing_id].forum_session_id].append(one)
    return found


def _takes_part(viewer: Viewer, forum_session_id: int) -> bool:
    """Whether a forum session is among those a person is here for; all of them for whoever has none of their own."""
    return viewer.is_organizer or not viewer.assigned or forum_session_id in viewer.assigned


def _said(material: Material, viewer: Viewer, forum_session: ForumSession, happened: Sequence[Happening], *,
          is_to_me: bool) -> Iterator[Said]:
    mark = material.marks.get((viewer.person_id, forum_session.id))
    read_to = mark.last_response_id if mark else 0
    for one in happened:
        response = material.responses[one.thing_id]
        replies_to_me = material.parent_authors.get(response.parent_id or 0) == viewer.person_id
        is_theirs = replies_to_me or _takes_part(viewer, forum_session.id)
        if (replies_to_me is is_to_me and is_theirs and response.author_id != viewer.person_id
                and response.id > read_to):
            yield Said(response_id=response.id, is_reply=response.parent_id is not None,
                       who=byline_words(byline_of(response, forum_session, material.authors)),
                       text=first_words(response.text, EXCERPT_WORDS))


def byline_words(known: Byline) -> str:
    """A byline in one line."""
    if known.group:
        return f"Stakeholder group: {known.group}"
    return ", ".join(filter(None, (known.name, known.affiliation))) or "A participant"


def _polls(material: Material, viewer: Viewer, happened: Sequence[Happening]) -> Iterator[PollNews]:
    newest = {one.thing_id: one for one in happened if one.verb in _MADE_BY.get(
        PollState(material.polls[one.thing_id].state), ())}
    for poll_id, one in newest.items():
        poll = material.polls[poll_id]
        asked, audience = poll.round, viewer.audience(poll.forum_session_id)
        seen = ballots.seen(poll, audience=audience)
        is_open = poll.state == PollState.OPEN
        if asked is None or not seen.poll or not (is_open or seen.result):
            continue
        has_voted = (asked.id, viewer.person_id) in material.voted
        if (one.actor_id == viewer.person_id or material.is_recused(viewer.person_id, asked)
                or not _takes_part(viewer, poll.forum_session_id)
                or material.is_seen(viewer.person_id, poll.forum_session_id, one.happened_at)
                or (is_open and (poll.is_standing or has_voted))):
            continue
        yield PollNews(poll_id=poll.id, title=asked.frozen.title, state=poll.state,
                       is_waiting=is_open and viewer.votes_in(poll.forum_session_id))


def _summary(material: Material, viewer: Viewer, happened: Sequence[Happening]) -> SummaryNews | None:
    for one in reversed(happened):
        summary = material.summaries[one.thing_id]
        if one.verb != _SUMMARY_MADE_BY.get(SummaryState(summary.state)):
            continue
        is_signed = (summary.id, viewer.person_id, summary.revision) in material.signed
        is_waiting = summary.state == SummaryState.IN_REVIEW and viewer.votes_in(summary.forum_session_id)
        if (one.actor_id == viewer.person_id or not _takes_part(viewer, summary.forum_session_id)
                or (is_waiting and is_signed)):
            return None
        return SummaryNews(state=summary.state, is_waiting=is_waiting)
    return None
