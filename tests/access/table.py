"""The matrix of access as a table for docs/security.md: `python -m tests.access.table` writes it there."""

from pathlib import Path

from tests.access.matrix import ROWS, Row
from tests.access.scene import MEMBERS, OUTSIDERS, UNKNOWN

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"
COLUMNS = {"ada": "organizer", "finn": "facilitator of 1A", "gus": "facilitator of 1B", "ben": "participant",
           "cyn": "other participant", "olu": "observer", "dov": "invited, not accepted", "rex": "removed",
           "eve": "stranger", "mal": "other meeting’s organizer", "nobody": "nobody"}


def cell(row: Row, name: str) -> str:
    """What somebody gets: yes, or the status of the refusal."""
    status = row.expected(name)
    return "yes" if status < 400 else str(status)


def table() -> str:
    """One row an address and method, one column a person."""
    assert set(COLUMNS) == {*MEMBERS, *OUTSIDERS, *UNKNOWN}
    lines = ["| address | " + " | ".join(COLUMNS.values()) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for row in ROWS:
        address = row.path.replace("{slug}", "MEETING").replace("{", "").replace("}", "").replace("|", "\\|")
        lines.append(f"| {row.method} `{address}` | " + " | ".join(cell(row, name) for name in COLUMNS) + " |")
    return "\n".join(dict.fromkeys(lines))


def with_table(page: str) -> str:
    """The page with the table as it is now."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table()}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
