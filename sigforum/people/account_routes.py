"""One's own account: where one is signed in, passkeys, and the authenticator app."""

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.people import actions, authenticators, passkeys, queries, signing_queries
from sigforum.people.guards import signed_in
from sigforum.people.limits import FIRST_APP_CODES, count_try
from sigforum.people.models import Person
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()

# In the browser's cookie until the first code has proven that the app has the secret, or the device the key.
_APP_SECRET, _PASSKEY_OPTIONS = "app_secret", "passkey_options"


@pages.get("/account")
@signed_in
def show_account(person: Person) -> ResponseReturnValue:
    """Who one is here, in which browsers one is signed in, and how else one can sign in."""
    return render_template("people/account.html", person=person, sign_ins=queries.sign_ins(person.id),
                           this_id=current_user.sign_in_id, keys=signing_queries.keys_of(person),
                           has_passkeys=passkeys.are_possible())


@pages.post("/account/sign-outs")
@signed_in
def end_sign_ins(person: Person) -> ResponseReturnValue:
    """Sign one of one's other browsers out, or all of them."""
    chosen = request.form.get("sign_in_id", "")
    # Only an empty field means all of them; what makes no sense must not sign everything out.
    if chosen and not (chosen.isdecimal() and len(chosen) < 10):
        raise Invalid({"sign_in_id": "There is no such browser. Reload the page."})
    actions.sign_out(person.id, sign_in_id=int(chosen) if chosen else None)
    is_here = not chosen or int(chosen) == current_user.sign_in_id
    if is_here:
        logout_user()
        session.clear()
    flash("Signed out." if chosen else "Signed out everywhere.")
    return redirect(url_for("people.ask_sign_in" if is_here else "people.show_account"))


@pages.get("/account/passkeys/options")
@signed_in
def ask_new_passkey(person: Person) -> ResponseReturnValue:
    """What the device is asked for a new passkey."""
    options = passkeys.registration_options(person)
    session[_PASSKEY_OPTIONS] = {"challenge": options["challenge"], "user": {"id": options["user"]["id"]}}
    return jsonify(options)


@pages.post("/account/passkeys")
@signed_in
def add_passkey(person: Person) -> ResponseReturnValue:
    """Keep the new passkey's public half."""
    if not signing_queries.may_have_passkeys(person):
        raise NotFound()
    options = session.pop(_PASSKEY_OPTIONS, None)
    if options is None:
        raise Invalid(passkeys.NOT_TAKEN)
    passkeys.register_passkey(person, options=options, answer=request.form.get("credential", ""),
                              name=request.form.get("name", ""))
    flash("The passkey was added. Next time, sign in with it.")
    to = url_for("people.show_account")
    return jsonify(ok=True, to=to) if wants_json() else redirect(to)


@pages.post("/account/passkeys/<int:passkey_id>/remove")
@signed_in
def remove_passkey(person: Person, passkey_id: int) -> ResponseReturnValue:
    """Forget a passkey."""
    passkeys.remove_passkey(person, passkey_id)
    flash("The passkey was removed here. Your device may still offer it; it opens nothing.")
    return redirect(url_for("people.show_account"))


@pages.get("/account/authenticator")
@signed_in
def set_up_app(person: Person) -> ResponseReturnValue:
    """The QR code for an authenticator app, and where its first code is typed."""
    keys = signing_queries.keys_of(person)
    if not keys.may_have_app:
        raise NotFound()
    if keys.has_app:
        return redirect(url_for("people.show_account"))
    # The same secret when the page is loaded again: it may be in the app already.
    session.setdefault(_APP_SECRET, authenticators.new_secret())
    return _app_form(person, error="")


@pages.post("/account/authenticator")
@signed_in
def confirm_app(person: Person) -> ResponseReturnValue:
    """Take the app's first code, and show the recovery codes this once."""
    if not signing_queries.may_have_app(person):
        raise NotFound()
    secret = session.get(_APP_SECRET)
    if secret is None:
        raise Invalid({"code": "The page was open too long. Open it again."})
    count_try(FIRST_APP_CODES, "app", str(person.id))
    try:
        codes = authenticators.set_up_app(person, secret, code=request.form.get("code", "")[:20])
    except Invalid as refusal:
        return _app_form(person, error=refusal.errors["code"]), 422
    except Conflict:
        session.pop(_APP_SECRET)
        raise
    session.pop(_APP_SECRET)
    return render_template("people/recovery_codes.html", codes=codes)


@pages.post("/account/authenticator/remove")
@signed_in
def remove_app(person: Person) -> ResponseReturnValue:
    """Ask for no code any more."""
    authenticators.remove_app(person)
    flash("The authenticator app was removed. Nobody is asked for its code any more.")
    return redirect(url_for("people.show_account"))


@pages.post("/account/recovery-codes")
@signed_in
def renew_recovery_codes(person: Person) -> ResponseReturnValue:
    """New recovery codes; the earlier ones end."""
    return render_template("people/recovery_codes.html", codes=authenticators.renew_recovery_codes(person))


def _app_form(person: Person, *, error: str) -> str:
    secret: str = session[_APP_SECRET]
    return render_template("people/set_up_app.html", picture=authenticators.set_up_picture(person, secret),
                           secret=" ".join(secret[start:start + 4] for start in range(0, len(secret), 4)), error=error)
