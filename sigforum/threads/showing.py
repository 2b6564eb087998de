"""A response as HTML, rendered once for all who may see the same of it, and kept."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import current_app, render_template
from markupsafe import Markup

from sigforum.agenda.models import ForumSession
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Audience
from sigforum.threads import queries
from sigforum.threads.domain import Byline
from sigforum.threads.queries import ShownResponse

# About 3 kB each. A meeting of a dozen forum sessions with a hundred responses has them all in here.
MOST_KEPT = 4096


class Card(NamedTuple):
    """All that the template of a response gets: what one onlooker may see of it.

    It is also the key under which the HTML is kept: what differs in anything shown is another card, so that an
    old rendering cannot be found again. A tuple, because a page makes hundreds of them and looks each one up.
    """

    id: int
    slug: str
    name: str
    affiliation: str
    group: str
    posted_at: datetime
    text: str
    hidden_reason: str
    # The words that were answered, where the question has others by now.
    answered_wording: str
    is_withdrawn: bool
    is_hidden: bool
    # Whether it is hidden because of a flag that the chair has not decided about.
    is_under_review: bool
    is_edited: bool
    is_unread: bool
    is_own: bool
    is_reply: bool
    for_chair: bool
    for_speaker: bool
    replies: tuple["Card", ...]


def cards(shown: Iterable[ShownResponse], onlooker: Onlooker, *, slug: str) -> tuple[Card, ...]:
    """What an onlooker may see of some responses of the meeting named by `slug`."""
    return tuple(_card(one, onlooker, slug) for one in shown)


def flags_html(forum_session: ForumSession) -> str:
    """What was flagged and waits for the chair."""
    flagged = queries.under_review(forum_session.id)
    return render_template("threads/_flags.html", forum_session=forum_session, slug=forum_session.meeting.slug,
                           flagged=flagged, reasons=queries.flag_reasons(one.id for one in flagged))


def response_html(card: Card) -> Markup:
    """The HTML of a response with its replies."""
    # Who works on the template wants to see it as it is now.
    return _render(card) if current_app.debug else _kept(card)


def byline_html(card: Card) -> Markup:
    """Who wrote a response, as far as its onlooker may know."""
    return Markup(current_app.jinja_env.get_template("threads/_byline.html").render(card=card))


def rendered() -> int:
    """How many renderings are kept."""
    return _kept.cache_info().currsize


def forget() -> None:
    """Render everything anew from now on."""
    _kept.cache_clear()


def _card(shown: ShownResponse, onlooker: Onlooker, slug: str) -> Card:
    response = shown.response
    is_wall, for_chair = onlooker.audience is Audience.PROJECTOR, onlooker.audience is Audience.CHAIR
    # Whoever opened the page on the wall, the wall is nobody, and it tells no names.
    byline, is_own = (Byline(), False) if is_wall else (shown.byline, onlooker.person_id == response.author_id)
    is_withdrawn = response.withdrawn_at is not None
    is_hidden = not is_withdrawn and response.hidden_at is not None
    is_standing = not is_withdrawn and not is_hidden
    return Card(
        id=response.id, slug=slug, name=byline.name, affiliation=byline.affiliation, group=byline.group,
        posted_at=response.posted_at,
        text=response.text if is_standing or (is_hidden and (for_chair or is_own)) else "",
        hidden_reason=response.hidden_reason if is_hidden else "",
        answered_wording=response.wording.text if is_standing and shown.is_reworded else "",
        is_withdrawn=is_withdrawn, is_hidden=is_hidden,
        is_under_review=is_hidden and response.review_since is not None,
        is_edited=is_standing and response.edited_at is not None, is_unread=is_standing and shown.is_unread,
        is_own=is_own, is_reply=response.parent_id is not None, for_chair=for_chair,
        for_speaker=for_chair or onlooker.audience is Audience.SPEAKER,
        replies=tuple([_card(reply, onlooker, slug) for reply in shown.replies]))


def _render(card: Card) -> Markup:
    # Not Flask's render_template: it would give the template the request and the person of the moment, and what
    # one viewer is shown would be kept for others.
    return Markup(current_app.jinja_env.get_template("threads/_response.html").render(card=card))


_kept = lru_cache(maxsize=MOST_KEPT)(_render)
