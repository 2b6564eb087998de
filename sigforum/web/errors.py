"""Refusals and failures as pages, or as JSON for those who ask for it."""

import time
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from sigforum.extensions import limiter
from sigforum.kernel.errors import Invalid, Outdated, Refusal, Wait
from sigforum.web import hooks

# What a form carries without anybody having typed it.
_NOT_TYPED = frozenset({"csrf_token", "token", "credential", "code", "secret", "key", "next"})
# Shorter values are typed again in a moment.
_WORTH_KEEPING, _MOST_KEPT = 20, 10


def wants_json() -> bool:
    """Whether the request comes from a script of ours and not from a plain form."""
    return request.accept_mimetypes.best == "application/json"


def bind(app: Flask) -> None:
    """Turn every error into one kind of answer; a stack trace goes to the log only."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> ResponseReturnValue:
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        if isinstance(refusal, Wait):
            return _wait(refusal)
        return _answer(refusal.message, refusal.status, errors=errors, recovery_link=hooks.recovery_link.first(refusal),
                       renewed=refusal.renewed if isinstance(refusal, Outdated) else None)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return _answer("This page was open too long, or the form came from another site. "
                       "Go back, reload the page and send it again.", 400)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        words = {404: "There is nothing here that you can see.", 405: "This address does not take that.",
                 413: "That is larger than this site takes."}
        if error.code == 429 and limiter.current_limit is not None:
            return _wait(Wait("Too many tries.", limiter.current_limit.reset_at - time.time()))
        return _answer(words.get(error.code or 500, "The request could not be understood."), error.code or 500)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> ResponseReturnValue:
        app.logger.exception("a request failed", exc_info=error)
        return _answer("Something went wrong on our side. It was noted; nothing was half-stored.", 500)


def _wait(refusal: Wait) -> tuple[Any, int, dict[str, str]]:
    words = refusal.message
    if request.method == "POST" and not wants_json():
        words += " Go back: what you typed is still there."
    return *_answer(words, refusal.status), {"Retry-After": str(refusal.seconds)}


def _answer(message: str, status: int, *, errors: dict[str, str] | None = None,
            recovery_link: tuple[str, str] | None = None,
            renewed: dict[str, str] | None = None) -> tuple[Any, int]:
    """`recovery_link` is the address, with its words, of where to go first; `renewed` is what the form carries from
    now on."""
    if wants_json():
        link = {"link": recovery_link[0]} if recovery_link else {}
        fresh = {"renewed": renewed} if renewed else {}
        return jsonify(ok=False, error=message, errors=errors or {}, **fresh, **link), status
    template = "web/by_invitation.html" if status in (401, 404) else "web/error.html"
    return render_template(template, message=message, status=status, recovery_link=recovery_link,
                           # What is too large to be read is not read to be shown.
                           typed=[] if status == 413 else _typed()), status


def _typed() -> list[str]:
    """The longer texts of a form that was refused: whoever typed them must find them again, whatever stood in the way.

    A form that came from another site is not repeated, or anybody could let this page say what they like.
    """
    came_from = request.headers.get("Origin") or request.referrer
    if request.method != "POST" or (came_from and urlsplit(came_from).netloc != request.host):
        return []
    return [value for name, value in request.form.items(multi=True)
            if name not in _NOT_TYPED and len(value.strip()) >= _WORTH_KEEPING][:_MOST_KEPT]
