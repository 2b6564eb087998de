"""Charts of a summary as SVG and as pictures, with the project's own letters; loaded only where a file needs them."""

import html
import re
from functools import cache

import resvg_py

from sigforum.resources import resource

# Programs that draw SVG by itself read no style sheet of the page, so a drawing brings its colours along.
CHART_STYLE = (
    "text{font-family:'Inter Variable',sans-serif;fill:#62676f}"
    ".chart-bar{fill:#8c897d}.is-low{fill:#bb5b3c}.is-high{fill:#14717a}"
    ".chart-value,.chart-median-label{fill:#1a1d21;font-weight:600}"
    ".chart-axis{stroke:#868a90;stroke-width:.7}"
    ".chart-median{stroke:#1a1d21;stroke-width:1;stroke-dasharray:3 2.5}"
    ".flow-box{fill:#f6f5f0;stroke:#0b5a61}.flow-line{stroke:#868a90}.flow-tip{fill:#868a90}"
    ".flow-text{fill:#474c54}.flow-title,.flow-count,.heat-count,.heat-name{fill:#1a1d21}.flow-title,.flow-count,"
    ".heat-count{font-weight:600}.heat-cell{fill:#f6f5f0;stroke:#cfcabd}.heat-bar{fill:#14717a}"
    ".interval-track{fill:#e7e4db}.interval-range{fill:#93bcbd}.interval-point{fill:#0b5a61}")
# Three dots for each unit of the drawing print sharply at the size the report has it.
SHARPNESS = 3
# Letters that the charts' labels need; fonts of the machine would make the same document differ elsewhere.
_FONTS = tuple(f"inter-{script}-wght-normal-{weight}.ttf"
               for script in ("latin", "latin-ext", "greek") for weight in (400, 600))


def picture(svg: str) -> bytes:
    """A drawing as PNG."""
    named = svg if "xmlns=" in svg else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return resvg_py.svg_to_bytes(
        svg_string=named, style_sheet=CHART_STYLE, zoom=SHARPNESS, background="#ffffff", skip_system_fonts=True,
        font_files=list(_font_files()), font_family="Inter", sans_serif_family="Inter")


def described(svg: str) -> str:
    """What a drawing shows, in the words it carries for those who cannot see it."""
    found = re.search(r'aria-label="([^"]*)"', svg)
    return html.unescape(found[1]) if found else ""


@cache
def _font_files() -> tuple[str, ...]:
    """The letters as files, which is how the drawing library takes them."""
    return tuple(str(resource("static") / "vendor" / "print" / name) for name in _FONTS)
