"""Every field of every data file said as another type, or with an apostrophe before its words, every hash made anew:
it is found, or the list of what the signature alone protects has it."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.thorough import IS_THOROUGH
from tests.verification.test_every_field import DATA, is_found_alone, listed
from tests.verification.test_random_changes import bundle, places, seal, wrong

assert bundle


def other_types(value: Any) -> Iterator[Any]:
    """The same to somebody who reads it in a table."""
    if isinstance(value, bool):
        yield from ("yes" if value else "no", int(value))
    elif value is None:
        yield ""
    elif isinstance(value, int | float):
        yield str(value)
    elif value == "":
        yield None
    elif isinstance(value, str):
        yield f"'{value}"
        if value.isdecimal() and str(int(value)) == value:
            yield int(value)


def missed_fields(bundle: dict[str, bytes], kind: str) -> set[str]:
    missed: set[str] = set()
    seen: set[tuple[Any, ...]] = set()
    mark = next(mark for mark, name in DATA.items() if name == kind)
    for path in sorted(path for path in bundle if mark in path and path.endswith(".json")):
        whole = json.loads(bundle[path])
        for at in places(whole):
            place = ".".join("#" if isinstance(name, int) else name for name in at)
            box = whole
            for name in at[:-1]:
                box = box[name]
            before = box[at[-1]]
            for after in other_types(before):
                key = (place, type(before), type(after), whole.get("round"), whole.get("terms", {}).get("kind"))
                if isinstance(before, list) or key in seen:
                    continue
                seen.add(key)
                if len(seen) % 6 and not IS_THOROUGH:
                    continue
                box[at[-1]] = after
                if not is_found_alone(kind, whole, bundle, path):
                    files = bundle | {path: (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()}
                    seal(files, signed=True)
                    if files[path] != bundle[path] and not wrong(files):
                        missed.add(place)
            box[at[-1]] = before
    return missed


@pytest.mark.parametrize("kind", sorted(set(DATA.values())))
def test_another_type_is_found_or_listed(bundle: dict[str, bytes], kind: str) -> None:
    patterns, missed = listed().get(kind, []), missed_fields(bundle, kind)
    assert [place for place in sorted(missed) if not any(fnmatchcase(place, one) for one in patterns)] == []
