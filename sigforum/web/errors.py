"""Refusals and failures as pages, or as JSON for those who ask for it."""

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from sigforum.kernel.errors import Invalid, Refusal
from sigforum.kernel.places import collect
from sigforum.web.pacing import TooFast


def wants_json() -> bool:
    """Whether the request comes from a script of ours and not from a plain form."""
    return request.accept_mimetypes.best == "application/json"


def bind(app: Flask) -> None:
    """Turn every error into one kind of answer; a stack trace goes to the log only."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> ResponseReturnValue:
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        if isinstance(refusal, TooFast):
            return *_answer(refusal.message if wants_json() else f"{refusal.message} Go back: what you typed is "
                            "still there.", refusal.status), {"Retry-After": str(refusal.seconds)}
        return _answer(refusal.message, refusal.status, errors=errors, way_on=next(
            filter(None, collect("way_on", refusal=refusal)), None))

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return _answer("This page was open too long, or the form came from another site. "
                       "Go back, reload the page and send it again.", 400)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        words = {404: "There is nothing here that you can see.", 405: "This address does not take that.",
                 413: "That is larger than this site takes.",
                 429: "Too many tries. Wait a minute, then try again."}
        return _answer(words.get(error.code or 500, "The request could not be understood."), error.code or 500)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> ResponseReturnValue:
        app.logger.exception("a request failed", exc_info=error)
        return _answer("Something went wrong on our side. It was noted; nothing was half-stored.", 500)


def _answer(message: str, status: int, *, errors: dict[str, str] | None = None,
            way_on: tuple[str, str] | None = None) -> tuple[Any, int]:
    """`way_on` is the address, with its words, of where to go first."""
    if wants_json():
        return jsonify(ok=False, error=message, errors=errors or {}, **({"link": way_on[0]} if way_on else {})), status
    template = "web/by_invitation.html" if status in (401, 404) else "web/error.html"
    return render_template(template, message=message, status=status, way_on=way_on), status
