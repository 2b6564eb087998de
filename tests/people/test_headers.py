"""Headers as they are written out, and time zones as files spell them out."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.people.headers import ascii_domain, wire_policy, written_address
from sigforum.people.zones import zone_component

WORDS = st.text("aé Ж–日:,[]_\"", min_size=1, max_size=160).map(lambda text: " ".join(text.split())).filter(bool)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(subject=WORDS, name=WORDS)
def test_any_subject_and_name_arrive_to_the_letter(subject: str, name: str) -> None:
    message = EmailMessage()
    message["From"] = written_address(f'"{name.replace(chr(34), "")}" <forum@example.org>')
    message["To"], message["Subject"] = written_address("new@example.org"), subject
    message.set_content("Words")
    written = message.as_bytes(policy=wire_policy(message))
    assert written.isascii()
    assert all(len(line) <= 78 for line in written.splitlines())
    read = message_from_bytes(written, policy=policy.default)
    assert str(read["Subject"]) == subject
    sender, = read["From"].addresses
    assert (sender.addr_spec, sender.display_name) == ("forum@example.org", name.replace('"', "").strip())


@pytest.mark.parametrize(("typed", "written"), [
    ("bücher.example", "xn--bcher-kva.example"), ("example.org", "example.org"), ("", ""),
    ("ü" * 70 + ".example", "ü" * 70 + ".example")])
def test_domain_in_another_script_is_written_as_servers_know_it(typed: str, written: str) -> None:
    assert ascii_domain(typed) == written


def test_every_zone_agrees_with_its_clocks() -> None:
    moments = [datetime(2026, 3, 1, 9), datetime(2026, 6, 16, 9), datetime(2026, 11, 3, 9), datetime(2027, 2, 10, 9)]
    zones = sorted(name for name in available_timezones() if "/" in name)
    assert len(zones) > 400
    for name in zones:
        rules = zone_component(name, first_year=2026, last_year=2027)
        onsets = sorted((one["DTSTART"].dt, one["TZOFFSETTO"].td) for one in rules.subcomponents)
        for moment in moments:
            newest = [offset for onset, offset in onsets if onset <= moment][-1]
            assert newest == moment.replace(tzinfo=ZoneInfo(name)).utcoffset(), (name, moment)
