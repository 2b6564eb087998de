"""The mark of what a form was loaded with: whoever saves over somebody else's newer words is asked first."""

import hashlib

from sigforum.kernel.errors import Outdated

# The field in which a form carries its mark.
LOADED = "loaded"


def mark(*values: object) -> str:
    """A short name of exactly these values."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def check_loaded(loaded: str, current: str, *, stands: str) -> None:
    """Raises Outdated where a form was loaded with something else than what stands now, which `stands` tells. A form
    without a mark, as programs send it, is taken."""
    if loaded and loaded != current:
        raise Outdated(f"Somebody else changed this since you opened the page. Now it is: {stands} – Nothing of yours "
                       "was saved; it stands below as you typed it. Save again to put it in that place.",
                       renewed={LOADED: current})
