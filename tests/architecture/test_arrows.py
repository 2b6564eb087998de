"""Which feature may use which other one, and what of it. docs/adr/0003-models-across-features.md says why."""

import re

import pytest

from tests.architecture.source import FEATURES, Source, listed, program

# The parts of a lower feature that a higher one may import.
OPEN = {"actions", "queries", "domain", "events", "models", "hooks"}
# Beside these, each with its reason.
ALSO_OPEN = {
    ("people", "guards"): "the guard of every feature's routes",
    ("people", "inviting_models"): "daily mails go out by the meeting's clock, which stands with its hours",
    ("people", "viewer_queries"): "reads of who a browser is, part of people's queries",
    ("people", "invited_queries"): "reads of who is invited, part of people's queries",
    ("people", "place_queries"): "reads of who was what in a session, part of people's queries",
    ("people", "links"): "the demo prints sign-in links",
    ("live", "gateway"): "renderers are registered there",
    ("live", "guards"): "the guard of every feature's socket events",
    ("live", "ticker"): "tallies are registered there",
    ("agenda", "showing"): "pages of forum sessions show the state as the live event does",
    ("disclosures", "showing"): "a forum session's page and the search lead to the rules first, and show them",
    ("agenda", "importing"): "a pure library of formats",
    ("ballots", "vote_queries"): "reads of votes, part of ballots' queries",
    ("ballots", "round_queries"): "reads of open rounds, part of ballots' queries",
    ("ballots", "policy"): "who sees which result is decided in one place, for summaries too",
    ("ballots", "registry"): "what kinds there are",
    ("ballots", "showing"): "the console and the projector show a poll as its own card does",
    ("ballots", "record"): "rounds, movements and tally sheets stand in summaries and bundles as on the poll's page",
    ("ballots", "recused"): "summaries say how many were recused",
    ("ballots", "undeclared"): "summaries print the verdicts without those who declared as the poll's record does",
    ("ballots", "deviating"): "summaries name what was changed with the same words",
    ("summaries", "assemble"): "every file is made of the one document the page shows",
    ("summaries", "document"): "the document is what files are made of",
    ("summaries", "letters"): "exports and the check name what a PDF cannot draw",
    ("summaries", "registry"): "what formats there are",
    ("summaries", "redacting"): "an erasure takes a name out of published versions too",
    ("summaries", "shown_words"): "search shows the words of a summary that its page shows",
    ("threads", "showing"): "search shows of a response what its card may show; the console shows what was flagged",
    ("traces", "on_sqlite"): "a backup is cleaned of deleted words as the database is",
    ("threads", "text"): "Markdown becomes safe HTML in one place",
}
# The demo makes its sample through the forms, as people do.
OPERATIONS_ALSO = {("exports", "installation_keys"),
                   ("people", "forms"), ("threads", "forms"), ("ballots", "forms"), ("ballots", "box"),
                   ("summaries", "drafting"), ("summaries", "writing"), ("summaries", "reviewing"),
                   ("summaries", "forms")}
# Files at the top of the package wire everything together.
WIRING = {"sigforum/app.py", "sigforum/cli.py"}
# What stands below all features, beside the kernel and consensus.
BASE = {"bounded", "command_line", "extensions", "database", "hooks", "migrating", "transaction", "settings",
        "resources"}
# The edges of a feature; nothing else of the program may import them.
EDGES = {"routes", "sockets", "cli", "jobs"}


def place(feature: str) -> float:
    """How high a feature stands; live stands between agenda and people."""
    if feature == "live":
        return FEATURES.index("people") - 0.5
    return FEATURES.index(feature)


def crossings() -> list[tuple[Source, int, str, str]]:
    """(file, line, feature it imports, part of that feature) for every import from one feature to another."""
    found = []
    for source in program():
        if not source.feature or source.feature in ("kernel", "consensus", "samples"):
            continue
        for line, module in source.imports():
            match = re.match(r"sigforum\.([a-z]+)\.([a-z_]+)", module)
            if match and match[1] in (*FEATURES, "live") and match[1] != source.feature:
                found.append((source, line, match[1], match[2]))
    return found


def test_crossings_are_found() -> None:
    pairs = {(source.feature, feature) for source, _, feature, _ in crossings()}
    assert {("ballots", "threads"), ("threads", "agenda"), ("agenda", "people"), ("people", "audit")} <= pairs


def test_arrows_between_features_go_down() -> None:
    wrong = [f"{source.name}:{line} imports {feature}.{part}" for source, line, feature, part in crossings()
             if source.feature == "web" or place(source.feature) >= place(feature)]
    order = " > ".join(FEATURES)
    assert not wrong, listed(wrong, f"Features stand in this order: {order}; live between agenda and people, web below "
                                    "all. A lower one declares a hook in its hooks.py or an event; the higher one "
                                    "answers or hears it.")


def test_only_open_parts_of_a_feature_are_used_by_others() -> None:
    wrong = []
    for source, line, feature, part in crossings():
        also = ALSO_OPEN.keys() | (OPERATIONS_ALSO if source.feature == "operations" else set())
        is_live_query = (feature, part) == ("live", "queries")
        if part not in OPEN and (feature, part) not in also and not is_live_query:
            wrong.append(f"{source.name}:{line} imports {feature}.{part}")
    assert not wrong, listed(wrong, f"Across features use {', '.join(sorted(OPEN))}. What others need stands there, or "
                                    "gets a line with its reason in ALSO_OPEN and in docs/adr/0003.")


def test_list_of_exceptions_is_no_longer_than_needed() -> None:
    used = {(feature, part) for _, _, feature, part in crossings()}
    by_operations = {(feature, part) for source, _, feature, part in crossings() if source.feature == "operations"}
    assert ALSO_OPEN.keys() - used == set(), "nobody needs these any more; take them out"
    assert OPERATIONS_ALSO - by_operations == set(), "operations no longer needs these; take them out"


def test_models_of_others_are_read_and_not_changed_by_edges() -> None:
    """Routes, sockets and forms get a lower feature's rows from its queries, and import its models as types."""
    wrong = [f"{source.name}:{line} imports {feature}.models and selects"
             for source, line, feature, part in crossings()
             if part == "models" and source.path.name in ("routes.py", "sockets.py", "forms.py")
             and any(module == "sqlalchemy.select" for _, module in source.imports())]
    assert not wrong, listed(wrong, "Write the read into a queries.py; an edge loads, checks, calls and renders.")


@pytest.mark.parametrize("feature", [*FEATURES, "live"])
def test_arrows_inside_a_feature_go_down(feature: str) -> None:
    wrong = []
    for source in program():
        # feature.py stands above its edges and registers them.
        if source.feature != feature or source.path.name == "feature.py":
            continue
        for line, module in source.imports():
            match = re.match(rf"sigforum\.{feature}\.([a-z]+)", module)
            if match and match[1] in {"routes", "cli"}:
                wrong.append(f"{source.name}:{line} imports its own {match[1]}")
            if match and source.path.stem in {"models", "domain", "policy", "events"} and match[1] in {
                    "actions", "queries", "forms", "sockets", "jobs"}:
                wrong.append(f"{source.name}:{line} imports {match[1]}")
            if match and source.path.stem.endswith("queries") and match[1] in {"actions", "forms", "jobs"}:
                wrong.append(f"{source.name}:{line} imports {match[1]}")
    assert not wrong, listed(wrong, "Inside a feature: edges -> forms, actions -> queries -> models, events, policy -> "
                                    "domain. Move what both need into the lower file.")


def test_base_and_web_know_no_feature() -> None:
    below = [source for source in program() if source.feature == "web"
             or (source.name.count("/") == 1 and source.path.stem in BASE)]
    wrong = [f"{source.name}:{line} imports {module}" for source in below for line, module in source.imports()
             if re.match(rf"sigforum\.({'|'.join((*FEATURES, 'live'))})\b", module)]
    assert len(below) > 7
    assert not wrong, listed(wrong, "The base and web/ know no feature. A feature registers itself in the "
                                    "install() of its feature.py, and app.py names it.")
