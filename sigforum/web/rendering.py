"""What every template may use: times, plurals, and macros that need no import."""

import time
from collections.abc import Hashable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ParamSpec
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, current_app, url_for
from jinja2 import StrictUndefined, Template
from jinja2.runtime import Macro
from markupsafe import Markup

from sigforum.kernel.excerpts import beginning, shortened
from sigforum.kernel.hooks import Hook
from sigforum.kernel.words import json_words
from sigforum.transaction import is_writing
from sigforum.web.directions import OwnDirections
from sigforum.web.hooks import page_zone
from sigforum.web.turns import turns_of

P = ParamSpec("P")
REST_SECONDS = 0.01
# A template comes in pieces: a text between two tags, a value, or all that a macro gives. To ask whether it is time
# for a rest takes as long as a short one.
PIECES_IN_A_ROW = 4


class RestingTemplate(Template):
    """A template whose maker rests on the way: a long page takes longer than a vote may wait."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The whole text. Whoever holds the lock of writers does not rest."""
        if is_writing():
            return super().render(*args, **kwargs)
        rest, pieces = turns_of(current_app).rest, []
        for number, piece in enumerate(self.generate(*args, **kwargs)):
            pieces.append(piece)
            if number % PIECES_IN_A_ROW == 0:
                rest()
        return str(self.environment.concat(pieces))


def panels(hook: Hook[P, str], *args: P.args, **kwargs: P.kwargs) -> Markup:
    """What higher features show on a page. A long page rests here: others wait for answers too."""
    turns_of(current_app).rest()
    return Markup("").join(Markup(html) for html in hook(*args, **kwargs))


def plural(count: int, one: str, many: str | None = None) -> str:
    """A number with its word: `3 responses`, `1 response`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def said_text(responses: int, replies: int) -> str:
    """How much was said, as every page and report counts it: `3 responses, 1 reply`."""
    more = f", {plural(replies, 'reply', 'replies')}" if replies else ""
    return f"{plural(responses, 'response')}{more}"


def day_text(day: date) -> str:
    """A date as people write it: 16 June 2026."""
    return f"{day.day} {day:%B %Y}"


def weekday(day: date) -> str:
    """The day of the week of a date."""
    return f"{day:%A}"


def date_range(start: date | None, end: date | None) -> str:
    """The dates of a meeting: 16–17 June 2026."""
    if start is None:
        return ""
    if end is None or end == start:
        return day_text(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_text(end)}"
    return f"{day_text(start)} – {day_text(end)}"


def clock_text(moment: datetime) -> str:
    """A moment for people without scripts, on the clocks of the page's meeting; the page's script shows it in the
    reader's own zone."""
    zone = page_zone.first()
    local = moment.astimezone(ZoneInfo(zone)) if zone else moment
    return f"{local.day} {local:%b %H:%M} {zone_name(local)}"


def zone_name(moment: datetime) -> str:
    """The name of the zone that a moment is printed in."""
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else "UTC"


def iso(moment: datetime) -> str:
    """A moment for machines; the page's script shows it in the reader's own zone."""
    return moment.isoformat(timespec="seconds")


def figure(value: float | None) -> str:
    """A number without needless decimals: 7, 7.5; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def interval(bounds: tuple[float, float] | None) -> str:
    """An interval of shares in percent: 57–90 %."""
    return "–" if bounds is None else f"{100 * bounds[0]:.0f}–{100 * bounds[1]:.0f} %"


@lru_cache(maxsize=4096)
def first_words(text: str, most: int = 18) -> str:
    """The beginning of a text in one line, as it reads without its Markdown."""
    return beginning(text, most)


@lru_cache(maxsize=4096, typed=True)
def kept(macro: Macro, *values: Hashable) -> str:
    """What a macro makes of these values, made once. The macro must be imported without context: it then stays the
    same object, and sees nothing but its values. For what a page repeats by the hundred, about 1 kB each."""
    return macro(*values)


def rule_field(name: str, rule: str) -> str:
    """The form field of a rule's parameter."""
    return f"{rule}-{name}"


def initials(name: str) -> str:
    """At most two letters for a person's picture."""
    words = [word for word in name.split() if word[0].isalpha() and not word.endswith(".")] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def browser_name(agent: str) -> str:
    """A browser's own long description in two words."""
    browser = next((name for sign, name in (
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
        ("Safari/", "Safari")) if sign in agent), "A browser")
    system = next((name for sign, name in (
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS", "Mac"), ("Linux", "Linux")) if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def address(endpoint: str, **values: Any) -> str:
    """The path of a page. Live fragments are rendered outside a request, where Flask's own would name a host."""
    return url_for(endpoint, _external=False, **values)


def bind(app: Flask) -> None:
    """Give templates the filters above. An unknown name in a template is an error, not a blank."""
    # Without it Flask makes no addresses outside a request. Requests for other hosts are still answered.
    app.config["SERVER_NAME"] = urlsplit(app.config["SETTINGS"].base_url).netloc
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.template_class = RestingTemplate
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(OwnDirections)
    app.jinja_env.filters |= {
        "day_text": day_text, "clock_text": clock_text, "weekday": weekday, "iso": iso, "initials": initials,
        "browser_name": browser_name, "figure": figure, "interval": interval, "first_words": first_words,
        "shortened": shortened,
        "rule_field": rule_field, "json_words": json_words}
    app.jinja_env.globals |= {
        "url_for": address, "plural": plural, "said_text": said_text, "date_range": date_range, "kept": kept}


def prepare(app: Flask) -> None:
    """Read every template, one after the other and with a rest after each: whoever opens a page for the first time
    would otherwise keep everybody waiting while its templates are translated."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
        time.sleep(REST_SECONDS)
