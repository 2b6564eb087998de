"""Of two people who change the same thing from pages loaded at one time, the second is shown what the first one saved,
and nothing of either is lost."""

import html
import re

import pytest
from flask.testing import FlaskClient

from sigforum.summaries.drafting import begin_summary
from tests.casting import Cast

# The page, where its form goes, what one types, what the other types, and how the page then tells of the first.
FORMS = {
    "hours": ("people/hours", "people/hours",
              {"time_zone": "Europe/Berlin", "starts-1.1": "09:00", "ends-1.1": "10:00"},
              {"time_zone": "Europe/Paris"}, "Europe/Berlin; day 1, part 1 09:00–10:00."),
    "words of a mail": ("people/outbox/invitation", "people/outbox/invitation/words",
                        {"subject": "Come", "text": "Come here: {link}"},
                        {"subject": "Please", "text": "Please come: {link}"}, "“Come” – Come here: {link}"),
    "rules of entry": ("entry", "entry", {"is_on": "1", "text": "Talk of no prices at all."},
                       {"is_on": "1", "text": "Talk of no bids at all."}, "“Talk of no prices at all.”"),
    "attribution": ("sessions/1A/attribution", "sessions/1A/attribution", {"attribution": "chatham"},
                    {"attribution": "role"}, "Responses carry no names and no affiliations"),
    "retention": ("retention", "retention", {"days": "400"}, {"days": "40"}, "400 days."),
    "name": ("people/{ben}/name", "people/{ben}/name", {"name": "Ben B. Participant", "affiliation": "Ben's Works"},
             {"name": "Ben Participant", "affiliation": "Ben's Other Works"}, "Ben B. Participant, Ben's Works."),
    "answer": ("sessions/1A/summary/lines/new?kind=answer", "sessions/1A/summary/lines/new",
               {"text": "In closed systems."}, {"text": "In hospitals."}, "“In closed systems.”"),
}


def carried(browser: FlaskClient, url: str) -> dict[str, str]:
    """What the page's form carries unseen."""
    return hidden(browser.get(url).get_data(as_text=True))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form with a mark of what it was loaded with."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL)
                if 'name="loaded"' in one or 'name="wording"' in one)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


@pytest.mark.parametrize("which", FORMS)
def test_later_form_is_told_what_stands_there_and_keeps_what_was_typed(cast: Cast, sign_in, which: str) -> None:
    page, target, first, second, told = FORMS[which]
    page, target = (one.format(ben=cast.viewer("ben").membership_id) for one in (page, target))
    begin_summary(cast.viewer("ada"), cast.forum_session().id)
    base = f"/meetings/{cast.slug}"
    one, other = sign_in(cast.person("ada")), sign_in(cast.person("ada"))
    loaded = carried(one, f"{base}/{page}"), carried(other, f"{base}/{page}")
    assert one.post(f"{base}/{target}", data=loaded[0] | first).status_code == 302
    refused = other.post(f"{base}/{target}", data=loaded[1] | second)
    assert refused.status_code == 409
    again = html.unescape(refused.get_data(as_text=True))
    assert told in again
    assert all(value in again for name, value in second.items() if name != "is_on")
    # Whoever has read it and saves again puts it in that place.
    assert other.post(f"{base}/{target}", data=hidden(refused.get_data(as_text=True)) | second).status_code == 302
    # The first one's page is out of date by now, and saving the same once more undoes nothing.
    assert one.post(f"{base}/{target}", data=loaded[0] | first).status_code == 409
    assert other.post(f"{base}/{target}", data=loaded[1] | second).status_code == 302
