"""What a request may hold. Looked at before anything of it is read, whoever sends it and wherever it leads."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from sigforum.kernel.errors import Invalid, NotFound, Refusal
from sigforum.web.turns import turns_of

View = Callable[..., Any]
# The longest honest form, a poll with a hundred long statements, fits in; only files and lists are larger.
MOST_BYTES = 256 * 1024
# Somebody who is not signed in has an address or a code to send, or what they typed before they were signed out: the
# longest response in Chinese is 90 kB on its way. To read so much takes some milliseconds.
MOST_OF_A_STRANGER = 96 * 1024
# To take a form apart costs a microsecond a field. The widest of ours, a matrix, has some hundred.
MOST_FIELDS = 1_000
MOST_QUERY_BYTES, MOST_QUERY_FIELDS = 64_000, 200
LONGEST_PATH = 2_000
URLENCODED = "application/x-www-form-urlencoded"


class TooLarge(Refusal):
    """More than the page takes."""

    status = 413


def takes_files(view: View) -> View:
    """For a view that is given files or long lists: who is signed in may send it as much as an upload may hold."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def bind(app: Flask) -> None:
    """Look at every request first; to be bound before whatever reads forms."""
    app.before_request(refuse_what_no_page_takes)


def refuse_what_no_page_takes() -> None:
    """Refuse by size, then by number of fields, then by what no database stores. Unknown addresses are no exception."""
    if len(request.path) > LONGEST_PATH or any(map(_is_control, request.path)):
        raise NotFound()
    if any(map(_is_control, "".join(_headers()))):
        raise Refusal("The browser sent a header with a control character.")
    if len(request.query_string) > MOST_QUERY_BYTES or request.query_string.count(b"&") >= MOST_QUERY_FIELDS:
        raise TooLarge("The address holds more fields than any page of this site has.")
    _refuse_large_body()
    is_form = request.mimetype == URLENCODED
    # A file's form is read while it arrives, another one afterwards.
    fields = [*request.args.items(multi=True), *(() if is_form else request.form.items(multi=True))]
    if request.content_length:
        # Many others have begun since, and this one goes on when it is its turn.
        turns_of(current_app).take(request.remote_addr)
    fields += request.form.items(multi=True) if is_form else ()
    # No person types it, and PostgreSQL cannot store it. Long texts are read by forms that say where it stands.
    if any("\0" in name or ("\0" in value and name != "text") for name, value in fields):
        raise Invalid({"": "The text holds an invisible character (NUL). Remove it and send it again."})


def _refuse_large_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    length = request.content_length or 0
    takes_files = getattr(view, "takes_files", False)
    most = MOST_OF_A_STRANGER
    # Who it is, is asked only where it matters.
    if length > most and current_user.is_authenticated:
        most = current_app.config["MAX_CONTENT_LENGTH"] if takes_files else MOST_BYTES
    request.max_content_length = request.max_form_memory_size = most
    request.max_form_parts = MOST_FIELDS
    if length > most:
        raise TooLarge("That is larger than this site takes." if most > MOST_OF_A_STRANGER else
                       "That is larger than this site takes from somebody who is not signed in. Sign in first.")
    if request.mimetype == URLENCODED and (
            request.get_data(parse_form_data=False).count(b"&") >= MOST_FIELDS):
        raise TooLarge(f"The form holds more than {MOST_FIELDS:,} fields; no page of this site has so many.")


def _headers() -> Iterator[str]:
    return (value for name, value in request.environ.items() if name.startswith("HTTP_") and isinstance(value, str))


def _is_control(character: str) -> bool:
    # A lone half of a character is none that a database stores; a tab may stand in a header.
    return (character < " " and character != "\t") or character == "\x7f" or "\ud800" <= character <= "\udfff"
