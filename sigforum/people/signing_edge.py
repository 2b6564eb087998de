"""What the pages of signing in share: the moment a browser is let in."""

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from sigforum.kernel.errors import Refusal
from sigforum.people.guards import WANTED, FullSignInNeeded, SignedIn
from sigforum.people.signing import HalfWay, LetIn
from sigforum.web.returning import own_path

# What the signed cookie of a browser holds while it is not signed in.
ASKED, SECOND_STEP, CHALLENGE, VOUCHED = "asked", "second_step", "challenge", "vouched"


def recovery_link(refusal: Refusal) -> tuple[str, str] | None:
    """The link, with its words, for a browser that is signed in for one meeting and asks for more."""
    return (url_for("people.ask_sign_in"), "Sign in fully") if isinstance(refusal, FullSignInNeeded) else None


def enter(outcome: LetIn | HalfWay) -> str:
    """Sign this browser in, or keep in mind that it is half way; where it goes next."""
    if isinstance(outcome, HalfWay):
        session[SECOND_STEP] = outcome.secret
        return url_for("people.ask_second_step")
    # The page that was refused before, or the one behind the code on the wall.
    # Cookies of before are read too, so that it is looked at here and not only where it was written.
    wanted = own_path(str(session.get(WANTED, "")))
    # A fresh cookie: nothing an earlier visitor of this browser left may live on in it.
    session.clear()
    session.permanent = True
    login_user(SignedIn(outcome.sign_in, outcome.secret))
    return wanted or url_for("agenda.show_home", meeting=outcome.sign_in.meeting_id)


def entered(outcome: LetIn | HalfWay) -> ResponseReturnValue:
    """The same, as the answer to a plain form."""
    return redirect(enter(outcome))
