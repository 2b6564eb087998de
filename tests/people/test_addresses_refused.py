"""An address to which no mail can go is refused by its line, whatever part of it is missing."""

import pytest

from sigforum.people.forms import parse_invitations


@pytest.mark.parametrize("address", [
    "a@x..org", ".h@x.org", "i.@x.org", "g@-x.org", "g@x-.org", "a..b@x.org", "a@.x.org", "a@x.org..", "a@org",
    "@x.org", f"{'a' * 65}@x.org", f"a@{'x' * 64}.org"])
def test_address_with_an_empty_part_is_refused_by_its_line(address: str) -> None:
    found = parse_invitations(f"name,email\nAnn,ann@example.org\nBo,{address}\n", codes={})
    assert [(row.line, list(row.errors)) for row in found.wrong_rows] == [(3, ["email"])]


@pytest.mark.parametrize("address", [
    "a.b+c@x-y.example.org", "a@bücher.example", "o'neil@x.org", "a_b@x.co", "a@x.org.", "a@1.2.example", "ü@x.org"])
def test_address_that_can_be_written_to_is_taken(address: str) -> None:
    assert not parse_invitations(f"name,email\nBo,{address}\n", codes={}).wrong_rows
