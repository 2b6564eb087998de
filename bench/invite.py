"""How long a list of ten thousand people takes, from the upload to the last row, and what it shows meanwhile; JSON.

    python -m bench.invite [--people 10000] [--mail]
"""

import argparse
import io
import json
import os
import threading
import time
from typing import Any

from flask import Flask
from openpyxl import Workbook

from bench.setting import measured_app, measured_meeting
from sigforum.extensions import db
from sigforum.people.domain import Viewer
from sigforum.people.forms import parse_invitations
from sigforum.people.list_imports import list_import, request_import, run_imports
from sigforum.people.queries import members
from sigforum.people.showing import list_preview
from sigforum.people.workbooks import workbook_text

HEADER = ("name", "email", "affiliation", "stakeholder group", "role", "sessions")
GROUPS = ("Industry", "Clinical", "Academia", "Patients", "Payers")


def main() -> None:
    """Make a meeting, read the list as CSV and as a workbook, take it in, print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--mail", action="store_true", help="queue an invitation for each; none is sent")
    asked = parser.parse_args()
    report: dict[str, Any] = {"people": asked.people, "load before": os.getloadavg()}
    rows = [(f"Person {number}, PhD", f"p{number}+list@example.org", f"Works & Sons {number % 97}",
             GROUPS[number % len(GROUPS)], "participant", "1A 1B") for number in range(asked.people)]
    with measured_app() as app:
        meeting, _ = measured_meeting(participants=1)
        host = next(found for found in members(meeting.id) if found.role == "organizer").viewer()
        codes = {found.code: found.id for found in meeting.forum_sessions}
        workbook = _workbook(rows)
        start = time.perf_counter()
        text = workbook_text(workbook)
        report["workbook to text, seconds"] = _since(start)
        start = time.perf_counter()
        checked = parse_invitations(text, codes=codes)
        report["text to checked rows, seconds"] = _since(start)
        report["wrong rows"] = len(checked.wrong_rows)
        start = time.perf_counter()
        list_preview(host.meeting_id, checked)
        report["preview, seconds"] = _since(start)
        report |= _taken(app, host, text, codes, sends_mail=asked.mail)
        report["members"] = len(members(host.meeting_id))
    report["load after"] = os.getloadavg()
    print(json.dumps(report, indent=2))


def _taken(app: Flask, host: Viewer, text: str, codes: dict[str, int], *, sends_mail: bool) -> dict[str, Any]:
    """The worker's part; a second thread looks as the progress page does."""
    is_over, seen = threading.Event(), []
    start = time.perf_counter()
    identifier = request_import(host, text, codes=codes, sends_mail=sends_mail).id

    def look() -> None:
        with app.app_context():
            while not is_over.wait(0.2):
                db.session.rollback()
                seen.append(list_import(host.meeting_id, identifier).done_rows)
    watcher = threading.Thread(target=look)
    watcher.start()
    run_imports()
    seconds = _since(start)
    is_over.set()
    watcher.join()
    db.session.rollback()
    found = list_import(host.meeting_id, identifier)
    return {"handed over to last row, seconds": seconds, "state": found.state, "rows taken": found.done_rows,
            "different progress seen": len(set(seen)), "progress only grew": seen == sorted(seen)}


def _workbook(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    for row in [HEADER, *rows]:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 2)


if __name__ == "__main__":
    main()
