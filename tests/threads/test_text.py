"""Markdown becomes HTML that can harm nobody."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.threads.text import plain_text, safe_html

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "h1", "h2", "h3",
        "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}
ATTACKS = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<img src='x' onerror=\"alert(1)\"", "<body onload=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href='javascript:alert(1)'>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src=javascript:alert(1)></iframe>", "<object data=x>", "<embed src=x>", "<base href=//evil.example>",
    "<form action=//evil.example><input name=p><button>x</button></form>", "<style>*{display:none}</style>",
    "<p style='background:url(javascript:alert(1))' class=admin id=response-1>x</p>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=https://ok.example onclick=alert(1) target=_top>x</a>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))", "[x](&#x6A;avascript&colon;alert(1))", "[x](\tjavascript:alert(1))",
    "[x](\x01javascript:alert(1))", "[x](vbscript:msgbox(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)", "[x](file:///etc/passwd)", "[x](//evil.example)",
    "![x](https://evil.example/pixel.gif)", "![x](javascript:alert(1))", '![x](x "onerror=alert(1)")',
    '[x](https://ok.example "\\" onmouseover=\\"alert(1)")', "[x](https://ok.example'onmouseover='alert(1))",
    '[x](https://ok.example"onmouseover="alert(1))', "<javascript:alert(1)>", "<data:text/html,x>",
    "<https://ok.example/\"onclick=alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "[x][y]\n\n[y]: data:text/html,x",
    "[![x](javascript:alert(1))](javascript:alert(2))", "[a](<javascript:alert(1)>)", "[a](\\javascript:alert(1))",
    "`<script>alert(1)</script>`", "```html\n<script>alert(1)</script>\n```", "    <script>alert(1)</script>",
    "```\"><script>alert(1)</script>\nx\n```", "```js onclick=alert(1)\nx\n```",
    "~~~<img src=x onerror=alert(1)>\nx\n~~~",
    "> <script>alert(1)</script>", "- <img src=x onerror=alert(1)>", "| a |\n|---|\n| <svg onload=alert(1)> |",
    "| [x](javascript:alert(1)) |\n|---|\n| y |", "# <script>alert(1)</script>", "**<b onclick=alert(1)>x</b>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?php echo 1 ?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>",
    "{{ 7 * 7 }} {% raw %} {{ config }}", "javascript:alert(1)", "https://ok.example/javascript:alert(1)",
    "1" * 200 + ". x", "-" * 5000, "[" * 3000, "*" * 3000 + "a", "> " * 500 + "deep", "`" * 2000,
]


class Checker(HTMLParser):
    """Refuses every tag, attribute and address that has no business in a response."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge a tag."""
        assert tag in TAGS, f"<{tag}>"
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), f"<{tag} {name}>"
            if name == "href":
                scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
                assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, value
        if tag == "a":
            assert dict(attrs)["rel"] == "nofollow noopener noreferrer"

    def handle_comment(self, data: str) -> None:
        """No comments."""
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def check(html: str) -> None:
    """Raises AssertionError for HTML that could harm."""
    checker = Checker(convert_charrefs=True)
    checker.feed(html)
    checker.close()


@pytest.mark.parametrize("harm", ["<script>x</script>", "<p onclick=x>", '<a href="javascript:x">x</a>', "<img>"])
def test_checker_sees_harm(harm: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check(harm)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_comes_out_harmless(attack: str) -> None:
    for text in (attack, f"A word before {attack} and after", f"* {attack}\n\n> {attack}"):
        check(str(safe_html(text)))


@given(text=st.text(st.sampled_from("<>[]()!`*_|#&;:/\\\"'=- \nabjs"), max_size=60))
def test_no_mixture_of_signs_comes_out_harmful(text: str) -> None:
    check(str(safe_html(text)))


@pytest.mark.parametrize(("text", "html"), [
    ("**strong** and *soft* and ~~gone~~", "<p><strong>strong</strong> and <em>soft</em> and <s>gone</s></p>\n"),
    ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ("3. c", '<ol start="3">\n<li>c</li>\n</ol>\n'),
    ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>\n"),
    ("[x](https://ok.example/?a=1&b=2)",
     '<p><a href="https://ok.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer">x</a></p>\n'),
    ("[m](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="nofollow noopener noreferrer">m</a></p>\n'),
])
def test_what_people_mean_comes_out_as_they_mean_it(text: str, html: str) -> None:
    assert str(safe_html(text)) == html


@pytest.mark.parametrize(("text", "plain"), [
    ("In **closed** systems, _see_ [here](https://ok.example/x).", "In closed systems, see here."),
    ("one\ntwo\n\nthree", "one two three"),
    ("# A heading\n\n- a\n- b\n\n> said", "A heading; a; b; said"),
    ("`code` and\n\n```py\nx = 1\n```", "code and x = 1"),
    ("| a | b |\n|---|---|\n| c | d |", "a, b; c, d"),
    ("<b>as typed</b> &amp; ![a picture](https://ok.example/p.png)", "<b>as typed</b> & a picture"),
])
def test_plain_text_is_what_a_reader_sees(text: str, plain: str) -> None:
    assert plain_text(text) == plain
