"""Random scientific text whose lines begin with every sign that could be markup: nothing that was typed is lost.

A mark that is meant, such as the dash of an item, is drawn and not read. All else is read by everybody: on the page, in
the file of data, in Word, PDF and Markdown.
"""

import re

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sigforum.kernel.ids import new_token
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from sigforum.summaries.wording import gist
from sigforum.threads.text import plain_text
from sigforum.web.rendering import first_words
from tests.casting import Cast
from tests.threads.reading_files import of_docx, of_html, of_pdf
from tests.threads.test_text_fuzz import cells_of, of_csv, of_json, words

BEGINNINGS = [
    "", "# ", "## ", "### ", "#", "- ", "-", "-\t", "* ", "*", "+ ", "+", "1. ", "2. ", "3. ", "7. ", "0. ", "10. ",
    "1.", "1) ", "a) ", "(1) ", "> ", ">", ">= ", "> > ", "> - ", "- > ", "- # ", "- - ", "1. 1. ", "    ", "\t", "  ",
    "   - ", "   1. ", "    - ", "```", "``` r ", "````", "~~~", "~~~ r ", "---", "***", "___", "===", "=", "=1+1", "@",
    "^", "|", "| a | b |", "|---|---|", "| --- | :-: |", "- [ ] ", "[1]: ", "[^1]: ", "<", "&", "\\", "$$", "!", ": ",
    "– ", "• ", "`", "_", "%", ";", "\""]
PIECES = [
    "5*10^6", "HLA-A*02:01", ">= 3", "<LLOQ 5>", "−20 °C", "- 20", "__x__", "\\beta", "&alpha;", "[1]", "#3", "|",
    "a|b", "p<0.05", "*2/*17", "snake_case", "~10", "~~20", "$5", "2^3", "=SUM(A1)", "+49", "@home", "1,5", "<b>",
    "word", "The", "dose", "1.", "7)", "n=12", "§3", "–", "We agree", "**bold**", "`code`", "x | y", "---", "```", "r"]
lines = st.builds("{}{}".format, st.sampled_from(BEGINNINGS), st.lists(
    st.sampled_from(PIECES), max_size=4).map(" ".join))
texts = st.lists(st.tuples(lines, st.sampled_from(["\n", "\n", "\n\n"])), min_size=1, max_size=6).map(
    lambda found: "".join(map("".join, found)).strip()).filter(lambda text: any(map(str.isalnum, text)))

# What markup is drawn as: dashes of items, marks of headings, of quotations, of tables, of code and of strong words.
DRAWN = set("#>-*|:`\\")
# Letters and digits, with the signs that make another value of them.
VALUES = re.compile(r"(?:[<>=~≤≥−+]|(?<=\S)-)*[^\W_]+(?:[.,*^/:]\w+)*")

bounded = settings(deadline=None, derandomize=True, phases=[Phase.generate], database=None, suppress_health_check=[
    HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much])


def packed(text: str) -> str:
    """The text without blanks."""
    return re.sub(r"\s+", "", text)


def lost(typed: str, shown: str) -> list[str]:
    """What of a typed text is not read: words, or signs that are no marks. And what is read that nobody typed."""
    missing, rest = [], iter(packed(typed))
    for sign in packed(shown):
        while (found := next(rest, None)) != sign:
            if found is None:
                return [f"{sign} was not typed there"]
            missing.append(found)
    found_values = packed(shown)
    return [sign for sign in [*missing, *rest] if sign not in DRAWN] + [
        value for line in typed.split("\n") for value in VALUES.findall(line) if value not in found_values]


def unmarked(text: str) -> str:
    """The text without blanks and without the signs that keep cells and items apart in one line."""
    return re.sub(r"[|;,]", "", packed(text))


@settings(bounded, max_examples=400)
@given(typed=texts)
def test_excerpts_hold_every_word_and_number_of_the_page(typed: str) -> None:
    from sigforum.threads.text import safe_html  # noqa: PLC0415 - beside the excerpts that are compared with it

    shown = of_html(str(safe_html(typed)))
    assert lost(typed, shown) == []
    for excerpt in (plain_text(typed), gist(typed, 1000), first_words(typed, 1000)):
        assert unmarked(excerpt) == unmarked(shown)


@settings(bounded, max_examples=3)
@given(typed=st.lists(texts, min_size=16, max_size=16))
def test_nothing_typed_at_the_beginning_of_a_line_is_lost(typed: list[str], cast: Cast, sign_in) -> None:
    ben, question = sign_in(cast.person("ben")), cast.forum_session().asked[0].id
    base = f"/meetings/{cast.slug}/sessions/1A"
    posted: dict[int, str] = {}
    for text in typed:
        answer = ben.post(f"{base}/responses", headers={"Accept": "application/json"}, data={
            "question_id": question, "parent_id": "", "key": new_token(), "shown": "named", "text": text})
        assert answer.status_code == 200, text
        number = re.search(r'id="response-(\d+)"', answer.json["fragments"][0]["html"])
        posted[int(number[1] if number else 0)] = text
    page = ben.get(base).text
    shown = {}
    for number, text in posted.items():
        found = re.search(rf'id="response-{number}".*?<div class="response-body">(.*?)</div>', page, re.DOTALL)
        shown[number] = of_html(found[1] if found else "")
        assert lost(text, shown[number]) == [], (text, shown[number])
    summary = assemble.session_summary(cast.forum_session())
    files = {name: all_formats()[name].write(summary) for name in (
        "csv", "xlsx", "json", "markdown", "docx", "pdf", "html")}
    for cells in (cells_of(files["xlsx"]), of_csv(files["csv"]), of_json(files["json"])):
        assert [text for text in posted.values() if words(text) not in cells] == []
    # Other readers than ours.
    markdown = of_html(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(
        files["markdown"].decode()))
    read = {"markdown": markdown, "docx": of_docx(files["docx"]), "html": of_html(files["html"].decode())}
    for name, text in read.items():
        everything = unmarked(text)
        assert [one for one in shown.values() if unmarked(one) not in everything] == [], name
    printed = packed(of_pdf(files["pdf"]))
    assert [value for one in shown.values() for value in VALUES.findall(one) if value not in printed] == []
