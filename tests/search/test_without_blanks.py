"""Words in scripts that are written without blanks, and words whose letters a printer joined."""

import pytest

from tests.casting import Cast
from tests.search.looking import say

pytestmark = pytest.mark.both_databases
CHINESE = "我们支持去中心化的免疫细胞治疗生产。 👩🏽‍🔬"
JAPANESE = "細胞治療は病院で製造するべきです。CAR-T療法"


@pytest.fixture
def said(cast: Cast) -> Cast:
    """A session in which three languages were written, and other things."""
    for text in (CHINESE, JAPANESE, "The eﬃcacy of a ﬁrst-line ﬂow was low.", "Nothing of that kind 的."):
        say(cast, "ben", text)
    return cast


def found(cast: Cast, sign_in, words: str) -> str:
    answer = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/search", query_string={"q": words})
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("<mark>", "").replace("</mark>", "").replace("&#39;", "'")


@pytest.mark.parametrize(("words", "held"), [
    ("免疫", "免疫细胞治疗"), ("去中心化", "免疫细胞治疗"), ("治疗 支持", "免疫细胞治疗"), ("病院", "病院で製造"),
    ("製造する", "病院で製造"), ("細胞治療", "病院で製造"), ("CAR-T療法", "病院で製造"), ("efficacy", "-line"),
    ("effi", "-line"),     ("first flow", "-line"), ("eﬃcacy", "-line")])
def test_word_is_found_inside_a_run(said: Cast, sign_in, words: str, held: str) -> None:
    page = found(said, sign_in, words)
    assert held in page
    assert "Nothing of that kind" not in page


@pytest.mark.parametrize("words", ["疫免", "中心化去", "病気", "免疫 病院"])
def test_other_signs_are_not_found(said: Cast, sign_in, words: str) -> None:
    page = found(said, sign_in, words)
    assert "治疗生产" not in page
    assert "製造する" not in page
