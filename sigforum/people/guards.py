"""The guard of every route: exactly one of these stands above each view.

A meeting is found through the viewer's membership, so that "not a member" is "not found", and a guarded view
receives what its guard found: `person`, or `viewer` and `meeting`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request, session
from flask_login import UserMixin, current_user

from sigforum.extensions import login_manager
from sigforum.kernel.errors import NotAllowed, NotFound, Refusal
from sigforum.people import queries
from sigforum.people.domain import MembershipStatus, Viewer
from sigforum.people.models import Person, SignIn

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


class SignInNeeded(Refusal):
    """Nobody is signed in in this browser."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Sign in with the link in your invitation.")


class AnswerNeeded(NotAllowed):
    """Somebody is signed in whose invitation to this meeting is still open."""

    def __init__(self) -> None:
        super().__init__("You are invited to this meeting. Accept the invitation on the page of your meetings first.")


@login_manager.user_loader
def load_signed_in(token: str) -> SignedIn | None:
    """The browser of a cookie's token, unless it was signed out."""
    sign_in = queries.sign_in_by_token(token)
    return None if sign_in is None else SignedIn(sign_in, token)


def public(view: View) -> View:
    """For everybody: the pages around signing in, and static files."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For any signed-in person."""
    return _guard("signed_in", view, lambda values: {"person": _person()})


def host(view: View) -> View:
    """For those who may make meetings."""
    def find(values: dict[str, Any]) -> dict[str, Any]:
        person = _person()
        if not person.is_host:
            raise NotFound()
        return {"person": person}
    return _guard("host", view, find)


def member(view: View) -> View:
    """For members of the meeting named by `slug`."""
    return _guard("member", view, _membership)


def organizer(view: View) -> View:
    """For organizers of the meeting named by `slug`; its other members are told why not."""
    def find(values: dict[str, Any]) -> dict[str, Any]:
        found = _membership(values)
        viewer: Viewer = found["viewer"]
        if not viewer.is_organizer:
            raise NotAllowed("Only organizers of this meeting can open this page.")
        return found
    return _guard("organizer", view, find)


def _guard(name: str, view: View, find: Callable[[dict[str, Any]], dict[str, Any]]) -> View:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        found = find(values)
        return view(**values, **found)
    guarded.guard = name  # type: ignore[attr-defined]
    return guarded


def _person() -> Person:
    if not current_user.is_authenticated:
        _keep_wanted()
        raise SignInNeeded()
    person: Person = current_user.person
    return person


def _keep_wanted() -> None:
    """Note the page that is refused here; from the home page an invitation leads to its meeting by itself."""
    # A page that somebody opens, and no part of one that a script asks for. A path alone leads nowhere else.
    is_opened = request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if is_opened and request.path != "/":
        session[WANTED] = request.full_path.rstrip("?")


def _membership(values: dict[str, Any]) -> dict[str, Any]:
    membership = queries.membership(_person().id, slug=values.pop("slug"))
    if membership.status != MembershipStatus.ACCEPTED:
        raise AnswerNeeded()
    # The header of every page of a meeting shows these.
    g.viewer, g.meeting = membership.viewer(), membership.meeting
    return {"viewer": g.viewer, "meeting": g.meeting}
