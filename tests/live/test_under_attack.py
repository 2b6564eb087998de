"""Everything at once that once ended, stopped or slowed the server: no vote is lost, and each attack is answered as
promised. How long voters wait meanwhile is measured by `bench.under_attack`."""

import json
import subprocess
import sys

import pytest

from tests.serving import ROOT

# What each may be answered with; a connection that the server cuts off is an answer too.
CUT_OFF = {"ConnectionError", "ConnectionResetError", "BrokenPipeError", "TimeoutError", "ReadTimeout", "IndexError"}
PROMISED = {
    "silent connections": {"opened"}, "strangers' websockets": {"401"}, "forms of 9.9 MB": {"413"},
    "forms of many fields": {"413"}, "one person's websockets": {"101", "429"}, "joins": {"ok", "429"},
    "chunks": {"411"}, "frames without a message": {"sent"},
    "tables": {"200", "429"}, "searches": {"200", "429"}, "pages": {"200", "429"},
    "workbooks": {"422", "429", "503"}, "agendas": {"200", "422", "429", "503"}}


@pytest.mark.timeout(200)
def test_votes_are_kept_while_everything_is_attacked() -> None:
    done = subprocess.run([sys.executable, "-m", "bench.under_attack", "--seconds", "2", "--voters", "6"], cwd=ROOT,
                          capture_output=True, text=True, timeout=190)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["acknowledged"] >= 12
    assert (said["acknowledged and not stored"], said["voters' connections lost"]) == (0, 0)
    answered = said["attacks answered"]
    assert set(answered) == set(PROMISED)
    wrong = {name: set(counts) - PROMISED[name] - CUT_OFF for name, counts in answered.items()}
    assert {name: found for name, found in wrong.items() if found} == {}
