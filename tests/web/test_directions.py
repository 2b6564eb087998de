"""What a template prints between tags is directed by its own words as the template is compiled."""

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from sigforum.web.directions import InlineMarkup, OwnDirections

HEBREW = "שלום"


def printed(template: str, **values: object) -> str:
    environment = Environment(loader=DictLoader({"page.html": template, "mail.txt": template}), autoescape=True,
                              undefined=StrictUndefined, extensions=[OwnDirections])
    return environment.get_template("page.html").render(values)


@pytest.mark.parametrize(("template", "wanted"), [
    ("<h1>{{ text }}</h1>", '<h1 dir="auto">{text}</h1>'),
    ('<p class="a{{ 1 }}"{% if text %} id="x"{% endif %}>{{ text }}</p>', '<p class="a1" id="x" dir="auto">{text}</p>'),
    ("<p>By {{ text }}, {{ 3 }} votes</p>", "<p>By <bdi>{text}</bdi>, 3 votes</p>"),
    ("<p>{% if text %}{{ text }}{% endif %}</p>", "<p><bdi>{text}</bdi></p>"),
    ("<h{{ 2 }}>{{- text -}} </h{{ 2 }}>", "<h2><bdi>{text}</bdi></h2>"),
    ('<a title="{{ text }}">{{ {"a": {"b": text}}["a"]["b"] }}</a>', '<a title="{text}">{text}</a>'),
    ("<option>{{ 1 }}. {{ text }}</option>", '<option dir="auto">1. {text}</option>'),
    ('<option value="1"><p>{{ text }}</p>', '<option value="1"><p dir="auto">{text}</p>'),
    ("<title>{{ text }}</title><textarea>{{ text }}</textarea>", "<title>{text}</title><textarea>{text}</textarea>"),
    ("<svg><text>{{ text }}</text></svg>", "<svg><text>{text}</text></svg>"),
    ('{% set name = text if 1 > 0 %}<q dir="rtl">{{ name }}</q>', '<q dir="rtl"><bdi>{text}</bdi></q>'),
    ("{# {{ text }} < #}1 < 2 {{ text }}", "1 < 2 <bdi>{text}</bdi>"),
    ('{{ "a" if 0 }}{{ "}}" }}{{ -1 }}', "}}-1"),
])
def test_text_is_directed_where_it_stands(template: str, wanted: str) -> None:
    shown = printed(template, text=HEBREW)
    if template.startswith("<a title"):
        # A call or a look-up is printed once, in an element of its own.
        assert shown in (f'<a title="{HEBREW}" dir="auto">{HEBREW}</a>', f'<a title="{HEBREW}"><bdi>{HEBREW}</bdi></a>')
    else:
        assert shown == wanted.replace("{text}", HEBREW)
    assert printed(template, text="Plain & é") == wanted.replace(' dir="auto"', "").replace("<bdi>", "").replace(
        "</bdi>", "").replace("{text}", "Plain &amp; é")


def test_markup_keeps_the_directions_it_was_made_with() -> None:
    assert printed("<p>{{ text }}</p>", text=Markup(f"<b>{HEBREW}</b>")) == f"<p><b>{HEBREW}</b></p>"
    assert printed("<p>{{ text }}</p>", text=InlineMarkup(f"<i>{HEBREW}</i>")) == f'<p dir="auto"><i>{HEBREW}</i></p>'
    assert printed("a {{ text }}", text=f"<{HEBREW}>") == f"a <bdi>&lt;{HEBREW}&gt;</bdi>"
