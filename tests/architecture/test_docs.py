"""What people can set, call, choose or receive is written down in docs/."""

import dataclasses
import re
from collections.abc import Callable, Iterable

import click
import pytest
from flask import Flask

from sigforum.agenda.importing.reading import formats
from sigforum.ballots.registry import all_kinds
from sigforum.cli import main
from sigforum.consensus.rulebook import all_rules
from sigforum.kernel.events import Event
from sigforum.live.gateway import CHANGE, RENDERERS, WALL_RENDERERS
from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS
from sigforum.settings import Settings
from sigforum.summaries.registry import all_formats
from tests.architecture.source import ROOT, listed, program

DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(group: click.Group = main, before: str = "sigforum") -> list[str]:
    """Every command as it is typed. `tables` is Flask-Migrate's own group and stands for its commands."""
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group) and name != "tables":
            found += commands(command, f"{before} {name}")
        else:
            found.append(f"{before} {name}")
    return found


def missing(names: list[str], text: str) -> list[str]:
    return [name for name in names if f"`{name}" not in text]


def test_every_setting_is_in_configuration() -> None:
    names = [f"SIGFORUM_{field.name.upper()}" for field in dataclasses.fields(Settings)]
    # What is read before there are settings.
    names += sorted({name for source in program()
                     for name in re.findall(r"SIGFORUM_[A-Z_]+[A-Z]", "\n".join(source.lines))} - set(names))
    assert len(names) > 10
    wrong = missing(names, page("configuration.md"))
    assert not wrong, listed(wrong, "Add these settings to docs/configuration.md.")


def test_configuration_names_no_setting_that_is_gone() -> None:
    known = {f"SIGFORUM_{field.name.upper()}" for field in dataclasses.fields(Settings)}
    known |= {name for source in program()
              for name in re.findall(r"SIGFORUM_[A-Z_]+[A-Z]", "\n".join(source.lines))}
    named = set(re.findall(r"SIGFORUM_[A-Z_]+[A-Z]", page("configuration.md")))
    assert named - known == set(), "docs/configuration.md speaks of settings that do not exist"


def test_configuration_gives_the_defaults_in_force() -> None:
    text = page("configuration.md")
    for field in dataclasses.fields(Settings):
        if field.default in (dataclasses.MISSING, "", False):
            continue
        row = next(line for line in text.splitlines() if line.startswith(f"| `SIGFORUM_{field.name.upper()}`"))
        assert f"`{field.default}`" in row, f"docs/configuration.md: the default of {field.name} is {field.default}"


def test_every_command_is_in_configuration() -> None:
    found = commands()
    assert {"sigforum serve", "sigforum agenda import", "sigforum summary export"} <= set(found)
    wrong = missing(found, page("configuration.md"))
    assert not wrong, listed(wrong, "Add these commands to the list in docs/configuration.md.")


def test_every_poll_kind_is_described() -> None:
    text = page("poll-kinds.md")
    wrong = missing(list(all_kinds()), text)
    assert not wrong, listed(wrong, "Describe these kinds in docs/poll-kinds.md: settings, answer, figures.")
    for name, kind in all_kinds().items():
        for setting in kind.parse_settings({}):
            assert f"`{setting}`" in text, f"docs/poll-kinds.md: {name} has a setting {setting}"


def test_every_rule_is_described() -> None:
    wrong = missing(list(all_rules()), page("consensus-rules.md"))
    assert not wrong, listed(wrong, "Describe these rules in docs/consensus-rules.md.")


def test_every_format_is_described() -> None:
    wrong = missing(list(formats()), page("agenda-formats.md"))
    wrong += missing([*all_formats(), "zip"], page("summaries.md"))
    assert not wrong, listed(wrong, "Describe agenda formats in docs/agenda-formats.md, and summary formats in "
                                    "docs/summaries.md.")


def events() -> list[str]:
    found, waiting = set(), [Event]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            found |= {one.kind} - {""}
    return sorted(found)


@pytest.mark.parametrize("names", [lambda: {*MEMBER_EVENTS, *RAW_EVENTS}, lambda: {CHANGE}, events,
                                   lambda: {*RENDERERS, *WALL_RENDERERS}],
                         ids=["sent", "received", "published", "rendered"])
def test_every_live_event_is_in_the_protocol(app: Flask, names: Callable[[], Iterable[str]]) -> None:
    assert names()
    wrong = missing(sorted(names()), page("live-protocol.md"))
    assert not wrong, listed(wrong, "Add these to docs/live-protocol.md, so that a stranger's client knows of them.")


def test_every_promise_names_tests_that_are_there() -> None:
    """docs/promises.md and docs/security.md say which test keeps a promise; one that was renamed is named anew."""
    wrong = []
    for name in ("promises.md", "security.md"):
        for test in re.findall(r"`(tests/[^`\s]+)`", page(name)):
            file, _, function = test.partition("::")
            path, function = ROOT / file, function.partition("[")[0]
            is_there = path.exists() and (not function or f"def {function}(" in path.read_text("utf-8"))
            wrong += [] if is_there else [f"{name}: {test}"]
    assert len(re.findall(r"^\| .*`tests/", page("promises.md"), re.MULTILINE)) > 150
    assert not wrong, listed(wrong, "Name the test that keeps this promise now.")
