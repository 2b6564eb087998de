"""What a scientist types is what everybody reads: signs of measurement are no markup."""

import html
import re

import pytest

from sigforum.summaries.formats.markdown import markdown_quote
from sigforum.summaries.speech import pieces
from sigforum.summaries.wording import gist
from sigforum.threads.text import plain_text, safe_html
from sigforum.web.rendering import first_words

TYPED = [
    "Dose 5*10^6 cells/kg, then 2*10^7; HLA-A*02:01 and HLA-B*07:02; Ärzt*innen und Patient*innen.",
    "Inclusion:\n\n> 65 years\n\nand\n\n>= 3 prior lines", "> LLOQ in half", "> grade 3 toxicity",
    "On your points 3 and 7:\n\n3. I agree with three\n7. I disagree with seven", "1) first\n2) second",
    "7. seven\n3. three", "01. one\n02. two",
    "- 20 °C\n- 80 °C", "+ strand", "- strand", "* p < 0.05, ** p < 0.01", "***", "___ (your answer)",
    "__init__ and snake_case_name and (a)*b + c*(d)", "CYP2C19 *2/*17 and *1/*1", "HLA *02:01, then *07:02",
    "\\beta and \\( x \\) and 5\\% and a\\_b", "&alpha; and &beta;1", "x &le; 3",
    "<LLOQ in half and >ULOQ in the rest>",
    "<CD3:CD28>", "as in [1] and [2](3)\n\n[1]: Smith 2020", "#3 and # 3", "# of patients: 12", "a | b | c",
    "Title\n=====",
    "5`-ATG-3`", "~10 to ~~20", "~~~ 10 mg", "$5 and $6", "https://example.org/a_b_c*d", "p**2 + q**2",
    "|a|b|\n|---|---|\n|1|2|3|", "f[x]()", "* one\n\n+ two", "2*3*4", "IL-2_a and _b",
    "#", "##\nwords", ">", "---", "***", "[](https://example.org/paper)", "See [ ](https://example.org).",
    "![](https://example.org/a.png)",
    "Sites marked (*) closed early; sites marked (*) in Table 2 did not.", "SELECT (*) and count(*) from t",
    "(_) and (_) count as missing", "NCT0123 (~~) and (~~)", "Use '*' or \"*.csv\", then '*'",
    "\"**\" p < 0.01, \"**\" too",
    "(**) and (**)", "–*– and –*–", "(.*) and (.*)", "“*” and “*”; [*] and [*]; {*} and {*}; |*| and |*|; *,*,*",
    "(*_*) and (_*_)", "C:\\new\\*.txt and D:\\*.*", "HLA-A\\*02:01 and 5\\*10", "the regex \\* and \\`",
    "\\~20 to \\~30",
]


def words(text: str) -> str:
    """The text with single blanks."""
    return " ".join(text.split())


def on_page(typed: str) -> str:
    """What a reader finds on the page; numbers of lists are counted as a browser counts them."""
    page = str(safe_html(typed))
    while found := re.search(r"<ol(?: start=\"(\d+)\")?>(.*?)</ol>", page, re.DOTALL):
        number, items = int(found[1] or 1), found[2].split("<li>")
        page = page.replace(found[0], items[0] + "".join(
            f" {number + place}. {item}" for place, item in enumerate(items[1:])), 1)
    return words(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:em|strong|s|code|a)\b[^>]*>", "", page))))


@pytest.mark.parametrize("typed", TYPED)
def test_page_shows_what_was_typed(typed: str) -> None:
    assert on_page(typed) == words(typed)


@pytest.mark.parametrize("typed", TYPED)
def test_files_and_excerpts_hold_what_was_typed(typed: str) -> None:
    found = " ".join(f"{f'{one.number}. ' if one.kind == 'number' else ''}{''.join(run.text for run in one.runs)}"
                     for one in pieces(typed))
    assert words(found) == words(typed)
    assert plain_text(typed) == words(typed)
    assert gist(typed, 100) == words(typed)
    assert first_words(typed, 100) == words(typed)


@pytest.mark.parametrize("typed", TYPED)
def test_markdown_file_reads_back_as_what_was_typed(typed: str) -> None:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - another reader than ours, for this test alone

    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown_quote(typed))
    assert "<img" not in page
    assert words(html.unescape(re.sub(r"</?[a-z][^>]*>", " ", re.sub(r"</?(?:em|strong|s|code|a)\b[^>]*>", "", page)))
                 ) == words(typed)


def test_pictures_are_never_kept() -> None:
    typed = "Look: ![a chart](https://evil.example/pixel.gif) and ![](https://evil.example/p.gif)"
    assert "![" not in markdown_quote(typed)
    assert "<img" not in str(safe_html(typed))


@pytest.mark.parametrize(("typed", "meant"), [
    ("> We agree with this\n> as it stands", "<blockquote>"), ("**strong** and *soft*", "<em>soft</em>"),
    ("(**12 of 24**)", "<strong>12 of 24</strong>"), ("**5 %** and **≥3**", "<strong>5 %</strong> and <strong>≥3"),
    ("**“Yes.”** *(n = 5)*.", "<strong>“Yes.”</strong> <em>(n = 5)</em>"), ("\\*not\\* *this*", "*not* <em>this</em>"),
    ("(*_in vivo_*) **`x`**", "<em><em>in vivo</em></em>"), ("- one thing\n- another", "<ul>"), ("1. a\n2. b", "<ol>"),
    ("`code` here", "<code>code</code>"), ("| a | b |\n|---|---|\n| 1 | 2 |", "<table>")])
def test_what_is_meant_as_markup_stays_markup(typed: str, meant: str) -> None:
    assert meant in str(safe_html(typed))
