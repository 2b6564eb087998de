"""A response that is withdrawn and put back brings the points laid on it back to everyone's page."""

import pytest
from playwright.sync_api import expect

from sigforum.threads.actions import restore_response, withdraw_response
from tests.journeys import steps
from tests.journeys.conftest import Browsers
from tests.journeys.scene import SAID, Scene
from tests.serving import Site

pytestmark = pytest.mark.journey


def test_points_on_a_response_survive_its_withdrawal_and_return(browsers: Browsers, site: Site, scene: Scene) -> None:
    cyn = browsers.of(scene.links["cyn"])
    steps.open_forum(cyn, scene.slug)
    (number,), = site.rows("SELECT id FROM responses WHERE text = ?", SAID)
    own = cyn.locator(f"#stepper-r{number} input")
    expect(own).to_have_value("2")
    with site.application():
        withdraw_response(scene.cast.viewer("ben"), number)
    expect(own).to_have_count(0)
    with site.application():
        restore_response(scene.cast.viewer("ben"), number)
    expect(own).to_have_value("2")

    # The next change lays one point more and takes none away.
    other = cyn.locator("#priorities .stepper").filter(has_not=cyn.locator(f"#stepper-r{number} input")).last
    other.get_by_role("button", name="One point more").click()
    expect(cyn.locator("#priorities .save-state")).to_have_attribute("data-state", "saved")
    (answer,), = site.rows(
        "SELECT answer FROM votes JOIN rounds ON rounds.id = round_id JOIN polls ON polls.id = poll_id "
        "WHERE person_id = ? AND is_standing ORDER BY round_id", scene.cast.ids["cyn"])
    assert f'"r{number}": 2' in answer
    assert answer.count(": ") == 3
