"""What the consensus tests share: the case files of published examples, where at hand, and panels."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sigforum.consensus.rating_panel import RatingPanel

ReadCase = Callable[[str], dict[str, Any]]
MakePanel = Callable[..., RatingPanel]


def _shared_folder() -> Path | None:
    named = os.environ.get("SIGFORUM_SHARED")
    candidates = (
        [Path(named)] if named else [parent / "shared" for parent in Path(__file__).resolve().parents]
    )
    return next((folder for folder in candidates if (folder / "cases").is_dir()), None)


@pytest.fixture
def read_case() -> ReadCase:
    """Reads one case file by name; the test is skipped where the case files are not beside the checkout."""

    def read(name: str) -> dict[str, Any]:
        shared = _shared_folder()
        if shared is None:
            pytest.skip(f"{name}: no folder shared/cases beside the checkout and SIGFORUM_SHARED names none")
        found: dict[str, Any] = json.loads((shared / "cases" / name).read_text(encoding="utf-8"))
        return found

    return read


@pytest.fixture(scope="session")
def make_panel() -> MakePanel:
    """Makes a panel on a scale from 1 to 9 where all who are entitled have rated, unless told otherwise."""

    def make(ratings: Sequence[int], **changes: int) -> RatingPanel:
        around = sum(changes.get(name, 0) for name in ("outside_expertise", "abstained"))
        entitled = changes.pop("entitled", len(ratings) + around)
        settings = {
            "scale_min": 1,
            "scale_max": 9,
            "invited": entitled + changes.get("recused", 0),
            **changes,
        }
        return RatingPanel(tuple(ratings), entitled=entitled, **settings)

    return make
