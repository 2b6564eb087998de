"""Where no proxy is configured, nobody believes what a request says a proxy said."""

import pytest
import requests

from tests.live.stage import Stage

OTHER = "http://evil.example"


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
    {"Forwarded": "host=evil.example;proto=http"}, {"X-Forwarded-Host": "evil.example, localhost"}], ids=str)
def test_live_edge_refuses_a_page_of_another_site(stage: Stage, headers: dict[str, str]) -> None:
    address = f"{stage.site.url}/socket.io/?EIO=4&transport=polling"
    cookie = {"Cookie": stage.visitor("ben").socket().cookie}
    own = requests.get(address, headers=cookie | {"Origin": stage.site.url}, timeout=10)
    assert own.status_code == 200, "the origin of the site itself is let in"
    answer = requests.get(address, headers=cookie | headers | {"Origin": OTHER}, timeout=10)
    assert answer.status_code == 400
    assert OTHER not in answer.headers.get("Access-Control-Allow-Origin", "")


def test_limits_do_not_believe_an_address_that_the_request_names(stage: Stage) -> None:
    """Wrong links are counted by network address: naming another one each time is no way around."""
    statuses = {requests.get(f"{stage.site.url}/sign-in/made-up-{number}", timeout=10,
                             headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(40)}
    assert 429 in statuses
