"""Signing in without mail: with a passkey, or with an account at the operator's identity provider."""

from flask import current_app, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sigforum.extensions import limiter
from sigforum.kernel.errors import Invalid, NotFound, Refusal
from sigforum.people import provider
from sigforum.people.guards import public
from sigforum.people.passkeys import NOT_TAKEN, sign_in_by_passkey, sign_in_options
from sigforum.people.signing_edge import CHALLENGE, VOUCHED, enter, entered
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/sign-in/passkey")
@public
def ask_passkey() -> ResponseReturnValue:
    """What the device is asked. Nothing is stored here: the challenge is in the browser's signed cookie."""
    options = sign_in_options()
    session[CHALLENGE] = options["challenge"]
    return jsonify(options)


@pages.post("/sign-in/passkey")
@public
@limiter.limit("300 per minute")
def use_passkey() -> ResponseReturnValue:
    """Sign this browser in with the device's answer."""
    challenge = session.pop(CHALLENGE, None)
    if challenge is None:
        raise Invalid(NOT_TAKEN)
    to = enter(sign_in_by_passkey(
        challenge, request.form.get("credential", ""), browser=request.user_agent.string))
    return jsonify(ok=True, to=to) if wants_json() else redirect(to)


@pages.get("/sign-in/provider")
@public
def go_to_provider() -> ResponseReturnValue:
    """Send the browser to the provider. A link and not a form: forms of this site lead nowhere else."""
    base_url: str = current_app.config["SETTINGS"].base_url
    try:
        return provider.go_there(back_to=base_url + url_for("people.come_from_provider"))
    except provider.ProviderFailed as refusal:
        return _not_there(refusal)


@pages.get("/sign-in/provider/back")
@public
def come_from_provider() -> ResponseReturnValue:
    """The page on which the provider's browser arrives: like a mailed link it only shows a button."""
    try:
        person, vouched = provider.come_back()
    except (provider.ProviderFailed, provider.NotInvited) as refusal:
        return _not_there(refusal)
    session[VOUCHED] = {"person_id": vouched.person_id, "at": vouched.at, "nonce": vouched.nonce}
    return render_template("people/continue_provider.html", person=person, provider=provider.provider_name())


@pages.post("/sign-in/provider")
@public
def use_provider() -> ResponseReturnValue:
    """The button: sign this browser in as the person the provider has vouched for."""
    if not provider.provider_name():
        raise NotFound()
    vouched = session.pop(VOUCHED, None)
    if vouched is None:
        return render_template("people/step_over.html"), 410
    return entered(provider.sign_in_vouched(provider.Vouched.of(vouched), browser=request.user_agent.string))


def _not_there(refusal: Refusal) -> ResponseReturnValue:
    return render_template("people/provider_failed.html", message=refusal.message), refusal.status
