"""Templates filled without a running site: Markdown, where nothing is escaped, and HTML for paper."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from sigforum.resources import resource
from sigforum.summaries import rounds_outline, wording
from sigforum.summaries.document.polls import PollLine, PollSummary
from sigforum.web.rendering import date_range, day_text, plural

FILTERS: Mapping[str, Callable[..., Any]] = {
    "moment_text": wording.moment_text, "byline_text": wording.byline_text, "said_html": wording.said_html,
    "unbroken": wording.unbroken, "place_facts": wording.place_facts,
    "gist": wording.gist, "chart_steps": wording.chart_steps,
    "drawing": Markup, "points_text": wording.points_text, "moved_text": wording.moved_text,
    "attribution_text": wording.attribution_text, "everybody_text": wording.everybody_text,
    "unrevealed_text": wording.unrevealed_text,
    "posted_text": wording.posted_text,
    "rounds_table": rounds_outline.rounds_table, "untold_texts": rounds_outline.untold_texts,
    "whole_texts": rounds_outline.whole_texts,
}
WORDS = {"VISIBILITY_TEXTS": wording.VISIBILITY_TEXTS,
         "SECRECY_TEXTS": wording.SECRECY_TEXTS,
         "VERDICT_LOOKS": wording.VERDICT_LOOKS}


def fill(template: str, **values: Any) -> str:
    """A template of the templates folder with these values; escaped where its name ends in .html."""
    return _environment().get_template(template).render(**WORDS, **values)


def drawing(template: str, macro: str, drawn: object) -> str:
    """A chart as SVG: a macro of a template, given what is to be drawn."""
    found: Any = _environment().get_template(template).module
    return str(getattr(found, macro)(drawn))


def histogram(poll: PollSummary, line: PollLine) -> str:
    """The chart of a statement as SVG; empty where the answers lie on no scale or nobody rated."""
    scale = poll.scale
    if scale is None or line.share is None or not line.distribution:
        return ""
    charts: Any = _environment().get_template("_charts.html").module
    return str(charts.histogram(
        wording.chart_steps(line.distribution), line.median, zones=(scale.lower_third_to, scale.upper_third_from - 1),
        ends=(scale.low_label, scale.high_label)))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("templates")), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False))
    environment.filters |= {
        **FILTERS,
        "day_text": day_text}
    environment.globals |= {"plural": plural, "date_range": date_range}
    return environment
