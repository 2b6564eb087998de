"""A form that is shown again with an error keeps what was chosen and says only what is true."""

import pytest

from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import queries
from tests.casting import Cast


@pytest.mark.parametrize("chosen", ["keep", "withdraw"])
@pytest.mark.parametrize("whose", ["member", "own"])
def test_erasure_that_is_not_confirmed_keeps_the_choice(cast: Cast, sign_in, chosen: str, whose: str) -> None:
    place = queries.membership(cast.ids["ben"], meeting_id=cast.meeting_id)
    address = f"/meetings/{cast.slug}/people/{place.id}/erase" if whose == "member" else "/account/erase"
    answer = sign_in(cast.person("ada" if whose == "member" else "ben")).post(address, data={"texts": chosen})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count(" checked") == 1
    assert f'value="{chosen}"' in page[:page.index(" checked")].rpartition("<input")[2]


def test_erasure_without_a_choice_keeps_the_tick(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ben")).post("/account/erase", data={"confirm": "yes"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'name="confirm"' in page[:page.index(" checked")].rpartition("<input")[2]


def test_wrong_number_of_days_is_no_part_of_a_promise(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ada")).post(f"/meetings/{cast.slug}/retention", data={"days": "abc"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "abc days" not in page
    assert 'value="abc"' in page


def test_row_of_somebody_erased_shows_no_address(cast: Cast, sign_in) -> None:
    place = queries.membership(cast.ids["ben"], meeting_id=cast.meeting_id)
    erase_member(cast.viewer("ada"), place.id, texts=Texts.KEEP)
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert "Name removed" in page
    assert "erased.invalid" not in page
