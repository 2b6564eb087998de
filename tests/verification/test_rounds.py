"""Every round's verdict and distribution stands in the files, and is counted again."""

import csv
import io

from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Status
from tests.verification.forging import DOCUMENT, TABLE, Forger
from tests.verification.meeting import Held


def test_every_round_of_a_poll_stands_in_the_data_and_is_counted_again(held: Held) -> None:
    forger = Forger(held)
    rounds = forger.poll("two rounds")["rounds"]
    assert [len(one.get("results", ())) for one in rounds] == [3, 3]
    assert rounds[0]["results"][0]["verdict"]
    assert rounds[0]["results"] != rounds[1]["results"]
    assert "results" not in forger.poll("kind rating")["rounds"][0]
    rows = list(csv.reader(io.StringIO(forger.files[TABLE].decode("utf-8-sig"), newline="")))
    place = f"polls/p{held.polls['two rounds']}/rounds/1/1"
    assert [row[5] for row in rows if row[1:3] == ["further", place] and row[4] == "verdict"] == [
        rounds[0]["results"][0]["verdict"]]
    assert "Every round of “two rounds”" in forger.files[DOCUMENT.replace(".json", ".md")].decode()
    rounds[0]["results"][0]["distribution"][0]["count"] += 1
    wrong = [finding.what for finding in check_bundle(forger.sealed(), name="bundle.zip")
             if finding.status is Status.DIFFERS]
    assert "the round gave something else than what was counted" in wrong
