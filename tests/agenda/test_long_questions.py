"""A preview of long questions takes no longer than reading them."""

import pytest

from tests.casting import Cast
from tests.previewing import post_seen

START = "Long questions\n16 June 2026\nDAY 1, June 16\nSlot 1: a\n1A. b\nCentral question: c?\n"


def questions(word: str) -> str:
    """Six long questions of which no two are alike, and which are worst for a comparison sign by sign."""
    return START + "".join(f"{n}. {word * n}{' ab ba' * 3_000}?\n" for n in range(1, 7))


@pytest.mark.timeout(60)
def test_preview_of_long_questions_is_shown(cast: Cast, sign_in) -> None:
    ada = sign_in(cast.person("ada"))
    assert post_seen(ada, "/meetings/new", {"step": "import", "text": questions("cell ")}).status_code == 302
    answer = ada.post("/meetings/long-questions/agenda", data={"step": "preview", "text": questions("other ")})
    assert answer.status_code == 200
    assert "other other" in answer.get_data(as_text=True)
