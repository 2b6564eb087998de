"""The rules over the program as it is, and each rule over a planted fault, which it must find."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from tests.architecture import rules
from tests.architecture.edges import View, edge_files, owners, views
from tests.architecture.source import PACKAGE, TEMPLATES, Source, listed, program, template_files

# Addresses that a lower feature makes of a higher one's pages. A link of this kind is offered by the higher feature;
# the list may only become shorter.
KNOWN_UPWARD = {
    "sigforum/agenda/routes.py": {"threads.show_forum_session"},
    "sigforum/disclosures/entry_routes.py": {"threads.show_forum_session"},
    "sigforum/disclosures/routes.py": {"threads.show_forum_session"},
    "sigforum/people/answering_routes.py": {"agenda.show_home", "agenda.show_meeting"},
    "sigforum/people/signing_edge.py": {"agenda.show_home"},
    "sigforum/people/signing_routes.py": {"agenda.show_home"},
    "templates/agenda/_forum_session_card.html": {"threads.show_forum_session"},
    "templates/agenda/meeting.html": {"disclosures.set_entry"},
    "templates/audit/audit.html": {"oversight.download_audit", "oversight.retain", "oversight.show_audit"},
    "templates/disclosures/_interests.html": {"ballots.show_recusals"},
    "templates/disclosures/attribution.html": {"threads.show_forum_session"},
    "templates/disclosures/interests.html": {"threads.show_forum_session"},
    "templates/people/account.html": {"digests.show_choices", "own_data.download_data", "own_data.erase_data"},
    "templates/people/people.html": {"oversight.erase_member"},
    "templates/summaries/meeting_summary.html": {"exports.show_exports"},
    "templates/summaries/summary.html": {"exports.show_exports"},
    "templates/threads/forum_session.html": {"summaries.show_summary"},
}
# The frame around every page names the pages that the header and the error page lead to.
FRAME = ("templates/web/", "templates/base.html")


def planted(name: str, text: str) -> Source:
    """A file that is not there, for a rule to find fault with."""
    return Source(PACKAGE / name, text)


def texts() -> list[tuple[str, str, str]]:
    """Every file that can name an address: where, of which feature, and its text."""
    return [*((source.name, source.feature, source.text) for source in program()), *(
        (f"templates/{path.relative_to(TEMPLATES).as_posix()}", _feature_of(path), path.read_text(encoding="utf-8"))
        for path in template_files())]


def _feature_of(template: Path) -> str:
    folder = template.relative_to(TEMPLATES).parts[0]
    return folder if folder in rules.HEIGHTS else ""


@pytest.fixture(scope="module")
def addressed() -> list[rules.Reference]:
    return [one for one in rules.named_in(texts(), rules.ADDRESS) if not one.where.startswith(FRAME)]


def test_views_are_found_whatever_their_file_is_called(app: Flask) -> None:
    found = views(app)
    assert len(found) > 120
    assert {view.source.path.stem for view in found} >= {"routes", "signing_routes", "recusal_routes"}
    assert {source.path.stem for source in edge_files(app)} >= {"routes", "sockets"}


def test_every_view_wears_one_guard_inside_its_route(app: Flask) -> None:
    # web/ serves static files and pictures to everybody and knows no feature, so no guard of theirs either.
    wrong = rules.guard_faults(view for view in views(app) if view.source.feature != "web")
    assert not wrong, listed(wrong, "A view wears one guard of people/guards.py, written below its route; an outer "
                                    "one is not called.")


@pytest.mark.parametrize(("decorators", "fault"), [
    ("@pages.get('/x')\n@member\n@organizer", "member and organizer"),
    ("@pages.get('/x')", "no guard"),
    ("@member\n@pages.get('/x')", "outside")])
def test_a_wrong_guard_is_found_in_a_file_of_any_name(decorators: str, fault: str) -> None:
    view = View("people.show", planted("people/whatever.py", f"{decorators}\ndef show():\n    pass\n"), "show")
    assert fault in rules.guard_faults([view])[0]


def test_edges_load_check_call_and_render(app: Flask) -> None:
    # What a load balancer asks is whether the database answers at all.
    edges = [source for source in edge_files(app) if source.name != "sigforum/operations/routes.py"]
    wrong = rules.reads_in_edges(edges)
    assert not wrong, listed(wrong, "Write the read into a queries.py and the write into an actions.py.")


def test_an_edge_that_selects_is_found() -> None:
    edge = planted("people/door_routes.py", "from sqlalchemy import select\nfrom sigforum.extensions import db\n"
                                            "def show():\n    return db.session.scalars(select(1))\n")
    assert [fault.rpartition(" ")[2] for fault in rules.reads_in_edges([edge])] == [
        "sqlalchemy.select", "db.session.scalars"]


def test_edges_import_no_sibling(app: Flask) -> None:
    wrong = rules.sibling_edges(edge_files(app))
    assert not wrong, listed(wrong, "What two edges share stands in a file below both (showing.py, forms.py).")


def test_an_edge_that_imports_its_sibling_is_found() -> None:
    first = planted("people/card_routes.py", "from sigforum.people.door_routes import helper\n")
    second = planted("people/door_routes.py", "helper = 1\n")
    assert rules.sibling_edges([first, second]) == [
        "sigforum/people/card_routes.py:1 imports sigforum.people.door_routes.helper"]


def test_nothing_registers_by_being_imported() -> None:
    # The process begins in two of them. A writer of YAML is told how texts look, and whoever sets type which day it
    # is: both for the library alone.
    own = {"wsgi.py", "sigforum/__main__.py", "sigforum/agenda/importing/yaml_format.py",
           "sigforum/summaries/typesetting.py"}
    sources = program()
    wrong = rules.acts_on_import([source for source in sources if source.name not in own])
    assert not wrong, listed(wrong, "Register it by name in the install() of the feature's feature.py.")
    assert len({fault.partition(":")[0] for fault in rules.acts_on_import(sources)}) == len(own)


def test_a_call_for_its_effect_is_found() -> None:
    module = planted("people/door_sockets.py", "TALLIES = []\nTALLIES.append(1)\nfor one in TALLIES:\n    print(one)\n")
    assert [fault.partition(" ")[0] for fault in rules.acts_on_import([module])] == [
        "sigforum/people/door_sockets.py:2", "sigforum/people/door_sockets.py:3"]


def test_addresses_point_down(app: Flask, addressed: list[rules.Reference]) -> None:
    known = [one for one in addressed if one.name not in KNOWN_UPWARD.get(one.where.rpartition(":")[0], set())]
    wrong = rules.upward(known, owners(app))
    assert not wrong, listed(wrong, "A lower feature does not know a higher one's pages: the higher one offers the "
                                    "link, as a panel or through a hook.")


def test_list_of_addresses_upward_is_no_longer_than_needed(app: Flask, addressed: list[rules.Reference]) -> None:
    kept = [(path, name) for path, names in KNOWN_UPWARD.items() for name in names]
    used = {(one.where.rpartition(":")[0], one.name) for one in addressed if rules.upward([one], owners(app))}
    assert not (unneeded := set(kept) - used), f"nobody makes these any more; take them out: {unneeded}"


def test_an_address_upward_is_found_in_code_and_templates() -> None:
    placed = [("sigforum/people/x.py", "people", 'a = url_for(\n    "ballots.show")'),
              ("templates/threads/x.html", "threads", "{{ url_for('nobody.show') }}"),
              ("templates/ballots/x.html", "ballots", '{{ url_for("people.show") }}')]
    found = rules.upward(rules.named_in(placed, rules.ADDRESS),
                         {"ballots.show": "ballots", "people.show": "people"})
    assert found == ["sigforum/people/x.py:1 names ballots.show of ballots, above people",
                     "templates/threads/x.html:1 names nobody.show, which nobody owns"]


def test_sources_are_read_as_planted() -> None:
    assert ast.unparse(planted("people/x.py", "a = 1").tree) == "a = 1"
