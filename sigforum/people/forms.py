"""Reading lists of people to invite: every row checked, nothing taken while one is wrong."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sigforum.kernel.errors import Invalid
from sigforum.people.domain import Role, is_email, normal_email

MOST_ROWS = 10_000
COLUMNS = ("name", "email", "affiliation", "stakeholder group", "role", "sessions")
_SPELLINGS = {
    "e-mail": "email", "mail": "email", "email address": "email", "full name": "name",
    "organisation": "affiliation", "organization": "affiliation", "company": "affiliation",
    "institution": "affiliation", "stakeholder_group": "stakeholder group", "group": "stakeholder group",
    "stakeholder": "stakeholder group", "session": "sessions", "forum sessions": "sessions",
}


@dataclass(frozen=True, kw_only=True)
class InvitedPerson:
    """One checked row."""

    name: str
    email: str
    affiliation: str
    stakeholder_group: str
    role: Role
    forum_session_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class InvitationRow:
    """One row as it was read: its line in the file, what was typed, and what is wrong by column."""

    line: int
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    person: InvitedPerson | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationList:
    """A whole list; it can be taken when no row has an error."""

    rows: tuple[InvitationRow, ...]

    @property
    def wrong_rows(self) -> tuple[InvitationRow, ...]:
        """The rows that must be mended first."""
        return tuple(row for row in self.rows if row.errors)

    @property
    def people(self) -> tuple[InvitedPerson, ...]:
        """The checked people. Raises Invalid while a row is wrong."""
        if self.wrong_rows:
            raise Invalid({"list": f"{len(self.wrong_rows)} of {len(self.rows)} rows need mending."})
        return tuple(row.person for row in self.rows if row.person is not None)


def decode_upload(data: bytes) -> str:
    """The text of an uploaded list. Raises Invalid for what is not UTF-8 text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Invalid({"list": "The file is not UTF-8 text. In a spreadsheet, choose "
                               f"'CSV UTF-8' when saving (byte {problem.start + 1} is not UTF-8)."}) from None
    if "\0" in text:
        raise Invalid({"list": "The file is not text. Save the list as CSV and upload that."})
    return text


def parse_invitations(text: str, *, codes: Mapping[str, int]) -> InvitationList:
    """Read a CSV list. `codes` maps the meeting's forum session codes to their ids.

    Raises Invalid where there is no list at all; errors of single rows are kept in the rows.
    """
    lines = text.strip("\ufeff\r\n ")
    if "\0" in lines:
        number = lines[:lines.index("\0")].count("\n") + 1
        raise Invalid({"list": f"Line {number} holds an invisible character (NUL). Remove it."})
    if not lines:
        raise Invalid({"list": "The list is empty. Its first line names the columns: "
                               + ", ".join(COLUMNS) + "."})
    delimiter = max(",;\t", key=lines.splitlines()[0].count)
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter)
    try:
        table = [(reader.line_num, cells) for cells in reader]
    except csv.Error as problem:
        raise Invalid({"list": f"Line {reader.line_num} cannot be read as CSV: {problem}."}) from None
    header = _header(table[0][1])
    body = [(line, cells) for line, cells in table[1:] if any(cell.strip() for cell in cells)]
    if not body:
        raise Invalid({"list": "The list names its columns but nobody in them."})
    if len(body) > MOST_ROWS:
        raise Invalid({"list": f"The list has {len(body)} rows; at most {MOST_ROWS} are taken at once."})
    by_code = {code.casefold(): identifier for code, identifier in codes.items()}
    seen: dict[str, int] = {}
    return InvitationList(rows=tuple(_row(line, cells, header, by_code, seen) for line, cells in body))


def _header(cells: list[str]) -> list[str]:
    names = [re.sub(r"\s+", " ", cell.strip().casefold()) for cell in cells]
    header = [_SPELLINGS.get(name, name) for name in names]
    missing = [name for name in ("name", "email") if name not in header]
    if missing:
        raise Invalid({"list": f"The first line must name the columns; {' and '.join(missing)} "
                               f"{'is' if len(missing) == 1 else 'are'} missing. "
                               f"Known columns: {', '.join(COLUMNS)}."})
    unknown = [name for name in header if name not in COLUMNS and name]
    if unknown:
        raise Invalid({"list": f"Unknown column {', '.join(unknown)}. Known columns: {', '.join(COLUMNS)}."})
    return header


def _row(line: int, cells: list[str], header: list[str], codes: Mapping[str, int],
         seen: dict[str, int]) -> InvitationRow:
    values = dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
    errors: dict[str, str] = {}
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header):]):
        errors["name"] = f"The row has {len(cells)} cells, the first line {len(header)}; is a comma unquoted?"
    if not values["name"]:
        errors["name"] = "A name is needed."
    elif len(values["name"]) > 200:
        errors["name"] = "At most 200 characters."
    email = normal_email(values["email"])
    if not is_email(email):
        errors["email"] = f"'{values['email']}' is not an e-mail address." if email else "An address is needed."
    elif email in seen:
        errors["email"] = f"The same address stands in line {seen[email]}."
    seen.setdefault(email, line)
    role = values["role"].casefold() or Role.PARTICIPANT.value
    if role not in set(Role):
        errors["role"] = f"'{values['role']}' is not a role: {', '.join(Role)}."
    wanted = [code for code in re.split(r"[\s,;|]+", values["sessions"].casefold()) if code]
    if wanted == ["all"]:
        wanted = []
    unknown = [code.upper() for code in wanted if code not in codes]
    if unknown:
        errors["sessions"] = f"There is no session {', '.join(unknown)}."
    if errors:
        return InvitationRow(line=line, values=values, errors=errors)
    return InvitationRow(line=line, values=values, person=InvitedPerson(
        name=values["name"], email=email, affiliation=values["affiliation"],
        stakeholder_group=values["stakeholder group"], role=Role(role),
        forum_session_ids=frozenset(codes[code] for code in wanted)))
