"""Where a browser may be sent on to: pages of this site, and nothing that a browser would read as another one."""

import re
from urllib.parse import quote

# Printable signs of ASCII without the backslash, which browsers take for a slash; tabs and line ends they leave out, so
# that "/<tab>/example.org" is "//example.org" to them.
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
# More than any page of ours needs, and little enough for a cookie.
LONGEST_PATH = 1000


def own_path(raw: str) -> str:
    """The path, where it is one of this site's; empty for anything else."""
    return raw if len(raw) <= LONGEST_PATH and _PATH.fullmatch(raw) else ""


def path_of(path: str, query: bytes) -> str:
    """A request's path and query as they stand in an address; empty where they could not lead back here.

    `path` comes decoded, so that a line end which the address spelled %0A is one, and would break a header.
    """
    told = quote(path, safe="/:@!$&'()*+,;=~-._")
    return own_path(f"{told}?{query.decode('latin-1')}" if query else told)
