"""Whatever somebody types, to show it costs about what reading it costs."""

import time

import pytest

from sigforum.threads.text import plain_text, safe_html
from sigforum.web.rendering import first_words

FULL = 10_000
HONEST = "\n".join(["| method | sensitivity | cost |", "|---|---|---|",
                    *(f"| m{n} | 0.{n} | {n} |" for n in range(60))])
TABLES = {"few rows": "|a" * 50 + "\n" + "|-" * 50 + "\n" + "|\n" * 4_900,
          "wide": "|a" * 1_250 + "\n" + "|-" * 1_250 + "\n" + "|\n" * 2_490,
          "no pipes": "|a" * 300 + "\n" + "|-" * 300 + "\n" + "a\n" * 4_300}
REPEATED = ["[", "![", "[a](b)", "<http://a>", "*a_ ", ">", "> ", "- ", "1. a\n", "|-|\n", "`a``b", "~~a", "<![CDATA[",
            "a|b\n-|-\nc|d\n\n", "&amp", "[a]: b\n", "# a\n", "a\n=\n", "\\"]


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_table_of_endless_cells_is_shown_as_typed(text: str) -> None:
    html = safe_html(text[:FULL])
    assert len(html) < 6 * FULL
    assert "<td" not in html
    assert plain_text(text[:FULL]).startswith("|a|a|a")


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.timeout(60)
def test_page_of_one_sign_repeated_stays_small(piece: str) -> None:
    text = (piece * FULL)[:FULL]
    assert len(safe_html(text)) < 10 * FULL
    assert len(plain_text(text)) <= FULL


def test_table_that_somebody_wrote_stays_a_table() -> None:
    html = safe_html(f"Before, see [the paper](https://example.org).\n\n{HONEST}\n\n* one\n* **two**")
    assert html.count("<td>") == 180
    assert "<strong>two</strong>" in html
    assert "</a>" in html


def test_dense_text_is_escaped_and_keeps_its_lines() -> None:
    html = safe_html("[" * 400 + "<script>alert(1)</script>\nnext")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.endswith("<br>\nnext</p>\n")


@pytest.mark.parametrize("piece", ["\n", " \n", "[", "![", "<![CDATA[", "[" * 50 + "]" * 50, " ", "[a](", "\t\n"])
def test_first_words_of_a_long_text_take_time_by_its_length(piece: str) -> None:
    def cost(length: int) -> float:
        text = (piece * length)[:length] + "end"
        begun = time.process_time()
        assert len(first_words(text)) <= len(text)
        return time.process_time() - begun
    yardstick = max(cost(5_000), 0.002)
    assert cost(40_000) < 24 * yardstick, "eight times the length takes more than three times eight times as long"
    assert cost(200_000) < 120 * yardstick


def test_first_words_are_what_they_were() -> None:
    assert first_words("* One **two** [three](https://a.b \"t\"), `four`") == "One two three, four"
    assert first_words("- a\n- b\n\n> c", 2) == "a; b…"
    assert first_words("\n\n  word") == "word"
