"""Half a character, which JSON can spell and no program can print, is named wherever it stands in a sheet."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sigforum.verification.cli import verify
from tests.verification.forging import Forger
from tests.verification.meeting import Held

HALF = "\ud800"


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for name, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(one, dict | list):
            yield from texts(one, (*path, name))
        elif isinstance(one, str):
            yield (*path, name)


@pytest.mark.parametrize("name", ["kind ranking", "kind rating"])
def test_half_a_character_is_named_wherever_it_stands(held: Held, tmp_path: Path, name: str) -> None:
    forger = Forger(held)
    content = json.dumps(forger.sheet(name))
    # One of each kind of place: the second line of a result is read as the first is.
    places = {tuple("#" if isinstance(part, int) else part for part in path): path
              for path in texts(json.loads(content))}
    unnamed = []
    for place, path in places.items():
        sheet = json.loads(content)
        box = sheet
        for part in path[:-1]:
            box = box[part]
        box[path[-1]] = HALF
        file = tmp_path / "tally-1A-poll-1-round-1.json"
        file.write_text(json.dumps(sheet), "ascii")
        done = CliRunner().invoke(verify, [str(file), "--differences"])
        if (done.exit_code, type(done.exception)) != (1, SystemExit):
            unnamed.append(place)
    assert unnamed == []
