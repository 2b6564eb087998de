"""Everybody behind one network address, each with two pages open, at the limits that an operator gets: real sockets
join, vote, lose the network and come back, and nobody is refused. `bench.venue` does the same with a thousand."""

import json
import subprocess
import sys

import pytest

from tests.serving import ROOT

PEOPLE = 40


@pytest.mark.timeout(150)
def test_nobody_of_a_venue_behind_one_address_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "bench.venue", "--people", str(PEOPLE)], cwd=ROOT,
                          capture_output=True, text=True, timeout=140)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["sockets"] == 2 * PEOPLE
    assert said["mails asked for"] == {"302": PEOPLE}
    assert said["pages fetched"] == {"200": 2 * PEOPLE}
    assert said["votes acknowledged"] == 4 * PEOPLE
    assert said["connections lost"] == 0
