"""The guard of every route: exactly one of these stands above each view.

A meeting is found through the viewer's membership, so that "not a member" is "not found", and a guarded view
receives what its guard found: `person`, or `viewer` and `meeting`.

A browser may be signed in for one meeting only, by what that meeting made: a card or an invitation's link. Whoever
organizes the meeting may have seen a card, so such a browser opens what `any_sign_in` and `member` guard, in that
meeting, and nothing else. A new guard refuses it, because only `_anybody` lets it pass.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, has_request_context, request, session
from flask_login import UserMixin, current_user

from sigforum.kernel.errors import NotAllowed, NotFound, Refusal
from sigforum.people import queries
from sigforum.people.card_days import is_one_of_its_days
from sigforum.people.domain import BY_CARD, CARD_OVER, MembershipStatus, Role, Viewer
from sigforum.people.models import Membership, Person, SignIn
from sigforum.web.pacing import spend_on
from sigforum.web.returning import path_of

View = Callable[..., Any]
# Where somebody was going before signing in, in the signed cookie of a browser that is not signed in.
WANTED = "wanted"


class SignedIn(UserMixin):
    """Flask-Login's user: one signed-in browser. Its id is the browser's token, so that a revoked sign-in
    is signed out at the next request."""

    def __init__(self, sign_in: SignIn, token: str) -> None:
        self.id = token
        self.sign_in_id = sign_in.id
        self.person: Person = sign_in.person
        # The one meeting that this browser is signed in for; None is the whole account.
        self.only_meeting_id = sign_in.meeting_id
        self.means = sign_in.means


class SignInNeeded(Refusal):
    """Nobody is signed in in this browser."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Sign in with the link in your invitation.")


class FullSignInNeeded(NotAllowed):
    """A browser that is signed in for one meeting only asks for what needs the account."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "This browser is signed in for one meeting only. This page needs a full sign-in, "
                         "with a link sent to your mailbox.")


class AnswerNeeded(NotAllowed):
    """Somebody is signed in whose invitation to this meeting is still open."""

    def __init__(self) -> None:
        super().__init__("You are invited to this meeting. Accept the invitation on the page of your meetings first.")


def load_signed_in(token: str) -> SignedIn | None:
    """The browser of a cookie's token, unless it was signed out."""
    sign_in = queries.sign_in_by_token(token)
    return None if sign_in is None else SignedIn(sign_in, token)


def acts_through(actor_id: int | None) -> str:
    """What the log notes of how somebody is signed in: whoever holds a card acts as its owner."""
    if not has_request_context() or not current_user.is_authenticated or current_user.person.id != actor_id:
        return ""
    return BY_CARD if current_user.means == BY_CARD else ""


def public(view: View) -> View:
    """For everybody: the pages around signing in, and static files."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For any person who has signed in with the whole account."""
    return _guard("signed_in", view, lambda values: {"person": _person()})


def any_sign_in(view: View) -> View:
    """For any signed-in person, also one signed in for a single meeting: the view shows no more than that one."""
    return _guard("any_sign_in", view, lambda values: {"person": _anybody().person})


def host(view: View) -> View:
    """For those who may make meetings."""
    def find(values: dict[str, Any]) -> dict[str, Any]:
        person = _person()
        if not person.is_host:
            raise NotFound()
        return {"person": person}
    return _guard("host", view, find)


def member(view: View) -> View:
    """For members of the meeting named by `slug`, also where the browser is signed in for it only."""
    return _guard("member", view, _membership)


def own_member(view: View) -> View:
    """For members of the meeting named by `slug` who have signed in with the whole account."""
    def find(values: dict[str, Any]) -> dict[str, Any]:
        found = _membership(values)
        _person()
        return found
    return _guard("own_member", view, find)


def organizer(view: View) -> View:
    """For organizers of the meeting named by `slug`; its other members are told why not."""
    def find(values: dict[str, Any]) -> dict[str, Any]:
        found = _membership(values)
        viewer: Viewer = found["viewer"]
        if not viewer.is_organizer:
            raise NotAllowed("Only organizers of this meeting can open this page.")
        _person()
        return found
    return _guard("organizer", view, find)


def _guard(name: str, view: View, find: Callable[[dict[str, Any]], dict[str, Any]]) -> View:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        found = find(values)
        # After it is known who asks: strangers are told to sign in, and pay nobody's share.
        spend_on(view, current_user.person.id)
        return view(**values, **found)
    guarded.guard = name  # type: ignore[attr-defined]
    return guarded


def own_place(*, slug: str | None = None, meeting_id: int | None = None) -> Membership:
    """The membership through which this browser reaches a meeting. Raises NotFound for a stranger's, and for one that
    is signed in for another meeting: whether its owner has a place here is nobody's business."""
    browser = _anybody()
    membership = queries.membership(browser.person.id, slug=slug, meeting_id=meeting_id)
    if browser.only_meeting_id is None:
        return membership
    if browser.only_meeting_id != membership.meeting_id:
        raise NotFound()
    if membership.role == Role.ORGANIZER:
        # Whoever could write the words around the link, or print the card, would act as another organizer.
        _keep_wanted()
        raise FullSignInNeeded()
    if browser.means == BY_CARD and not is_one_of_its_days(membership.meeting_id):
        _keep_wanted()
        raise FullSignInNeeded(CARD_OVER)
    return membership


def _person() -> Person:
    """The person of a browser that is signed in with the whole account."""
    browser = _anybody()
    if browser.only_meeting_id is not None:
        _keep_wanted()
        raise FullSignInNeeded()
    return browser.person


def _anybody() -> SignedIn:
    if not current_user.is_authenticated:
        _keep_wanted()
        raise SignInNeeded()
    browser: SignedIn = current_user
    return browser


def _keep_wanted() -> None:
    """Note the page that is refused here; from the home page an invitation leads to its meeting by itself."""
    # A page that somebody opens, and no part of one that a script asks for.
    is_opened = request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    wanted = path_of(request.path, request.query_string)
    if is_opened and request.path != "/" and wanted:
        session[WANTED] = wanted


def _membership(values: dict[str, Any]) -> dict[str, Any]:
    membership = own_place(slug=values.pop("slug"))
    if membership.status != MembershipStatus.ACCEPTED:
        raise AnswerNeeded()
    # The header of every page of a meeting shows these.
    g.viewer, g.meeting = membership.viewer(), membership.meeting
    return {"viewer": g.viewer, "meeting": g.meeting}
