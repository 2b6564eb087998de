"""Signing in by mail: asking for it, the link, the six digits, and the second step of those who have set one up."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from sigforum.kernel.clock import now
from sigforum.kernel.errors import Refusal
from sigforum.kernel.words import told_seconds, wait_text
from sigforum.people import actions, hooks, queries, signing_queries
from sigforum.people.authenticators import WrongStep, finish_sign_in
from sigforum.people.codes import WrongCode, sign_in_by_code
from sigforum.people.domain import is_email, normal_email
from sigforum.people.guards import any_sign_in, public
from sigforum.people.limits import (
    CODES,
    MAILS_OF_A_PERSON,
    MAILS_OF_AN_ADDRESS,
    WRONG_LINKS,
    count_try,
    seconds_until,
)
from sigforum.people.mail_pauses import seconds_to_wait
from sigforum.people.models import Person, SignInLink
from sigforum.people.passkeys import are_possible
from sigforum.people.provider import provider_name
from sigforum.people.signing import sign_in_by_link, take_up
from sigforum.people.signing_edge import ASKED, SECOND_STEP, entered
from sigforum.web.pages import Pages
from sigforum.web.rendering import panels, plural

pages = Pages()


@pages.get("/sign-in")
@public
def ask_sign_in() -> ResponseReturnValue:
    """The form for people who have no link at hand."""
    return _sign_in_form(email="", error="")


@pages.post("/sign-in")
@public
def send_sign_in() -> ResponseReturnValue:
    """Mail a link and a code. Known and unknown addresses get the same answer."""
    email = request.form.get("email", "").strip()
    # Whichever of the two waits is longer is the one that is true.
    pause = seconds_to_wait(email) if is_email(email) else 0
    tries = seconds_until([(MAILS_OF_A_PERSON, "mails", normal_email(email)), (MAILS_OF_AN_ADDRESS, "mails")])
    if wait := max(pause, tries):
        words = ("Many mails were asked for at this address, and the newest holds a link that works." if pause else
                 "Too many tries.")
        return _sign_in_form(email=email, error=f"{words} The next mail can be sent in {wait_text(wait)}."), 429, {
            "Retry-After": str(told_seconds(wait))}
    if not is_email(email):
        return _sign_in_form(email=email, error="Write your whole address, for example ada@example.org."), 422
    session[ASKED] = {"secret": actions.request_sign_in(email), "email": email}
    # Elsewhere to: phones load a page again when somebody comes back from the mail, and a form would be sent again.
    return redirect(url_for("people.type_code"))


@pages.get("/sign-in/code")
@public
def type_code() -> ResponseReturnValue:
    """Where the six digits of the mail are typed."""
    asked = session.get(ASKED)
    if asked is None:
        return redirect(url_for("people.ask_sign_in"))
    return render_template("people/check_mail.html", email=asked["email"], error="",
                           is_over=not signing_queries.is_waiting(asked["secret"]))


@pages.post("/sign-in/code")
@public
def use_code() -> ResponseReturnValue:
    """Sign this browser in with the six digits."""
    asked = session.get(ASKED)
    if asked is None:
        return render_template("people/step_over.html"), 410
    count_try(CODES, "code", normal_email(asked["email"]))
    outcome = sign_in_by_code(
        asked["secret"], _digits(request.form.get("code", "")), browser=request.user_agent.string)
    if isinstance(outcome, WrongCode):
        left = outcome.tries_left
        error = f"That is not the code. You can try {plural(left, 'time')} more."
        return render_template("people/check_mail.html", email=asked["email"], error=error, is_over=not left), 422
    return entered(outcome)


@pages.get("/sign-in/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """The page behind a mailed link. It changes nothing: mail scanners open links too."""
    link = queries.usable_link(token)
    if link is None:
        return _link_over(token)
    # Whoever holds a meeting's link reads what that meeting was told, and not the name and address that others know. A
    # link to the account goes to nobody but its owner.
    return render_template("people/continue.html", link=link, token=token, place=queries.place_of_link(link),
                           panel=panels(hooks.continue_panel, link, token))


@pages.post("/sign-in/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """The button: sign this browser in. Where its owner is signed in with the whole account, that stays."""
    try:
        link = queries.usable_link(token)
        if link is not None and link.meeting_id is not None and not link.is_for_door and _is_owner(link) and (
                current_user.only_meeting_id is None):
            take_up(link)
            return redirect(url_for("agenda.show_home", meeting=link.meeting_id))
        return entered(sign_in_by_link(token, browser=request.user_agent.string))
    except Refusal:
        return _link_over(token)


@pages.get("/sign-in/second-step")
@public
def ask_second_step() -> ResponseReturnValue:
    """Where the code of an authenticator app is typed."""
    if SECOND_STEP not in session or not signing_queries.is_half_way(session[SECOND_STEP]):
        return redirect(url_for("people.ask_sign_in"))
    return render_template("people/second_step.html", error="")


@pages.post("/sign-in/second-step")
@public
def take_second_step() -> ResponseReturnValue:
    """Finish a sign-in with the app's code, or with a recovery code."""
    if SECOND_STEP not in session:
        return render_template("people/step_over.html"), 410
    outcome = finish_sign_in(
        session[SECOND_STEP], request.form.get("code", "")[:100], browser=request.user_agent.string)
    if isinstance(outcome, WrongStep):
        if not outcome.tries_left:
            return render_template("people/step_over.html"), 410
        return render_template("people/second_step.html", error="That is not the code your app shows now. "
                               f"You can try {plural(outcome.tries_left, 'time')} more."), 422
    return entered(outcome)


@pages.post("/sign-out")
@any_sign_in
def sign_out(person: Person) -> ResponseReturnValue:
    """Sign this browser out."""
    actions.sign_out(person.id, sign_in_id=current_user.sign_in_id)
    logout_user()
    session.clear()
    return redirect(url_for("people.ask_sign_in"))


def _sign_in_form(*, email: str, error: str) -> str:
    return render_template("people/ask_sign_in.html", email=email, error=error, has_passkeys=are_possible(),
                           provider=provider_name())


def _link_over(token: str) -> ResponseReturnValue:
    link = queries.known_link(token)
    if link is None:
        count_try(WRONG_LINKS, "link")
    elif _is_owner(link):
        # Opened again, it leads where it led.
        return redirect(url_for("agenda.show_home", meeting=link.meeting_id))
    is_early = link is not None and link.starts_at is not None and link.starts_at > now() < link.expires_at
    return render_template("people/link_over.html", is_known=link is not None,
                           starts_at=link.starts_at if link and is_early else None), 410


def _is_owner(link: SignInLink) -> bool:
    """Whether this browser is signed in as the person of a link, and reaches what the link leads to."""
    return bool(current_user.is_authenticated and current_user.person.id == link.person_id
                and current_user.only_meeting_id in (None, link.meeting_id))


def _digits(raw: str) -> str:
    """What was typed, as mails and people group digits: with blanks or a dash."""
    return "".join(raw.replace("-", "").split())[:20]
