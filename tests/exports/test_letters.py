"""What a PDF cannot draw is named before it is made, with what would draw it; a file that takes long is waited for."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

from flask import Flask

from sigforum.exports import queries
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from tests.exports.worker import work
from tests.summaries.panel import Panel, readable

ODD = "A sign that no font has: \U000e1234, \u16de and \U00012000; but not \u03b2, \u2264 or \u00e9."


def page(panel: Panel, browser, session: str = "1A") -> str:
    answer = browser.get(f"/meetings/{panel.cast.slug}/exports?session={session}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_exports_name_what_the_pdf_of_the_chosen_session_cannot_draw(app: Flask, panel: Panel, sign_in) -> None:
    ben = sign_in(panel.cast.person("ben"))
    assert "do not draw" not in page(panel, ben)
    panel.say("p3", ODD)
    note = re.search(r'role="note">1A: ([^<]*do not draw[^<]*)<', page(panel, ben))
    assert note is not None
    text = readable(all_formats()["pdf"].write(assemble.session_summary(panel.forum_session)), "pdf").replace("\0", "")
    in_the_pdf = set(re.findall(r"\b[0-9A-F]{4,6}\b", text[text.index("cannot draw"):text.index("The web page, the")]))
    assert "E1234" in in_the_pdf
    assert set(re.findall(r"U\+([0-9A-F]{4,6})", note[1])) == in_the_pdf
    assert "do not draw" not in page(panel, ben, "1B")
    # Whoever chose another session than the page was about is told before it is made as well.
    answer = ben.post(f"/meetings/{panel.cast.slug}/exports", data={"session": "1A", "format": "pdf"},
                      follow_redirects=True)
    assert re.search(r'role="status">.*?<p>[^<]*do not draw[^<]*U\+E1234', answer.get_data(as_text=True), re.DOTALL)


def test_check_names_scripts_without_letters_and_what_brings_them(tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text("<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
                     f"<dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    environ = {**os.environ, "SIGFORUM_SECRET_KEY": "k" * 40, "SIGFORUM_INSTANCE": str(tmp_path),
               "FONTCONFIG_FILE": str(empty)}
    done = subprocess.run([sys.executable, "-m", "sigforum", "check"], env=environ, capture_output=True,
                          text=True, timeout=60)
    for script, package in {"Chinese": "fonts-noto-cjk", "Arabic": "fonts-noto-core", "emoji": "fonts-noto-color-emoji",
                            "Cyrillic": "fonts-dejavu-core"}.items():
        assert re.search(f"no font draws [^.]*{script}[^.]*\\. Install {package}", done.stdout), done.stdout


def test_page_without_scripts_looks_again_until_the_file_is_made(app: Flask, panel: Panel, sign_in) -> None:
    ben = sign_in(panel.cast.person("ben"))
    refresh = re.compile(r'<noscript><meta http-equiv="refresh" content="\d+"></noscript>')
    assert refresh.search(page(panel, ben)) is None
    ben.post(f"/meetings/{panel.cast.slug}/exports", data={"session": "1A", "format": "markdown"})
    assert refresh.search(page(panel, ben)) is not None
    job = queries.jobs_of(panel.cast.ids["ben"], panel.cast.meeting_id)[0]
    assert f"{job.subject}, MARKDOWN" in page(panel, ben)
    work()
    assert refresh.search(page(panel, ben)) is None
    assert "Download" in page(panel, ben)


def test_what_went_wrong_is_told_in_words_and_ends_the_waiting(
        app: Flask, panel: Panel, sign_in, broken_format) -> None:
    ben = sign_in(panel.cast.person("ben"))
    ben.post(f"/meetings/{panel.cast.slug}/exports", data={"session": "1A", "format": "broken"})
    work()
    shown = page(panel, ben)
    assert "http-equiv" not in shown
    job = queries.jobs_of(panel.cast.ids["ben"], panel.cast.meeting_id)[0]
    assert job.error
    assert job.error in html.unescape(shown)
    assert "Try again" in shown
