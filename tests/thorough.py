"""How much of what can be enumerated a run looks at: all of it with SIGFORUM_THOROUGH=1 (`make thorough`), else a part
that is spread over the whole, so that `make test` stays short."""

import os
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
IS_THOROUGH = os.environ.get("SIGFORUM_THOROUGH") == "1"


def some(everything: Iterable[T], *, one_in: int, start: int = 0) -> Iterable[T]:
    """All of it in a thorough run, else one of every `one_in`; `start` moves which."""
    return everything if IS_THOROUGH else islice(everything, start % one_in, None, one_in)
