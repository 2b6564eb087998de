"""Reading lists of people to invite: every row checked, nothing taken while one is wrong."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import code, name, one_line
from sigforum.people.domain import Role, is_email, normal_email
from sigforum.people.list_reading import TableRow, decode_upload, table
from sigforum.people.typed_addresses import name_and_address, same_mailbox

__all__ = ["COLUMNS", "MOST_ROWS", "InvitationList", "InvitationRow", "InvitedPerson", "decode_upload",
           "parse_invitations"]

MOST_ROWS, MOST_CHARACTERS = 10_000, 200
_SEVERAL_ROWS = "The cell reaches over several lines and holds another address; is a quotation mark not closed?"
# Names of hosts have letters, digits and hyphens between single dots, in any script.
_HOST = re.compile(r"(?:[^\W_](?:[^\W_]|[-\u0300-\uabff\u00b7])*\.)+[^\W_](?:[^\W_]|[-\u0300-\uabff])*")
COLUMNS = ("name", "email", "affiliation", "stakeholder group", "role", "sessions")
_SPELLINGS = {
    "e-mail": "email", "mail": "email", "email address": "email", "full name": "name",
    "organisation": "affiliation", "organization": "affiliation", "company": "affiliation",
    "institution": "affiliation", "stakeholder_group": "stakeholder group", "group": "stakeholder group",
    "stakeholder": "stakeholder group", "session": "sessions", "forum sessions": "sessions",
}
# What a cell shows whose formula failed, in any language: #N/A, #REF!, #NV, #BEZUG!, #NAME?
_ERROR_VALUE = re.compile(r"#(?:N/A|NV|[^\W\d_a-zß-öø-ÿ][^\W_a-zß-öø-ÿ]*(?:[/_][^\W_a-z]+)*[!?]|GETTING_DATA)")
# What a spreadsheet makes of 1-2 or 3/4.
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# What stands between two codes of sessions; the empty text is the end of the cell.
_SEPARATING = " ,;|"
_ENDING = ("", *_SEPARATING)


# Addresses are cleaned where they are compared; what was typed is shown beside an error.
_CLEAN = {"email": one_line, "role": code, "sessions": one_line}


@dataclass(frozen=True, kw_only=True)
class InvitedPerson:
    """One checked row. None, and an empty name, is what the list does not mention: it stays as it is."""

    name: str
    email: str
    affiliation: str | None
    stakeholder_group: str | None
    role: Role | None
    forum_session_ids: frozenset[int] | None


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


@dataclass(frozen=True, kw_only=True)
class _Meeting:
    """What rows are checked against."""

    codes: Mapping[str, int]
    known: Collection[str]
    own_email: str
    # The addresses of those who have a place, by what they are whichever way their host's name is written.
    spellings: Mapping[str, str]

    def known_spelling(self, typed: str) -> str:
        """The address as the meeting has it already, or as it was typed."""
        return self.spellings.get(same_mailbox(typed), normal_email(typed))


def parse_invitations(text: str, *, codes: Mapping[str, int], known: Collection[str] = (),
                      own_email: str = "") -> InvitationList:
    """Read a CSV list. `codes` maps the meeting's forum session codes to their ids; `known` are the addresses of
    those who have a place already, and `own_email` is the organizer's whose list it is.

    Raises Invalid where there is no list at all; errors of single rows are kept in the rows.
    """
    lines = text.strip("\ufeff\r\n ")
    if "\0" in lines:
        number = text[:text.index("\0")].count("\n") + 1
        raise Invalid({"list": f"Line {number} holds an invisible character (NUL). Remove it."})
    if not lines:
        raise Invalid({"list": "The list is empty. Its first line names the columns: "
                               + ", ".join(COLUMNS) + "."})
    first, *rest = table(text, columns={*COLUMNS, *_SPELLINGS}) or [TableRow(1, [])]
    header = _header(first.cells)
    body = [(row.line, row.cells) for row in rest if any(cell.strip() for cell in row.cells)]
    _check_all_named(header, body)
    if not body:
        raise Invalid({"list": "The list names its columns but nobody in them."})
    if len(body) > MOST_ROWS:
        raise Invalid({"list": f"The list has {len(body)} rows; at most {MOST_ROWS} are taken at once."})
    meeting = _Meeting(codes={_code_key(code): identifier for code, identifier in codes.items()}, known=known,
                       own_email=own_email, spellings={same_mailbox(one): one for one in known})
    seen: dict[str, int] = {}
    return InvitationList(rows=tuple(_row(line, cells, header, meeting, seen) for line, cells in body))


def _header(cells: list[str]) -> list[str]:
    names = [code(cell).casefold() for cell in cells]
    header = [_SPELLINGS.get(name, name) for name in names]
    missing = [name for name in ("name", "email") if name not in header]
    if missing:
        raise Invalid({"list": f"The first line must name the columns; {' and '.join(missing)} "
                               f"{'is' if len(missing) == 1 else 'are'} missing. "
                               f"Known columns: {', '.join(COLUMNS)}."})
    unknown = [name for name in header if name not in COLUMNS and name]
    if unknown:
        raise Invalid({"list": f"Unknown column {', '.join(unknown)}. Known columns: {', '.join(COLUMNS)}."})
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Invalid({"list": f"Two columns are read as {', '.join(twice)}. Keep one of them, so that nothing in "
                               "the other is lost."})
    return header


def _check_all_named(header: list[str], body: list[tuple[int, list[str]]]) -> None:
    """Nothing is left out unseen, as what stands below an empty cell of the first line would be."""
    for line, cells in body:
        for number, (column, cell) in enumerate(zip(header, cells, strict=False), start=1):
            if cell.strip() and not column:
                raise Invalid({"list": f"Column {number} has no name in the first line, but line {line} has "
                                       f"'{one_line(cell)[:80]}' in it. Name the column, or empty it."})


def _row(line: int, cells: list[str], header: list[str], meeting: _Meeting, seen: dict[str, int]) -> InvitationRow:
    values = dict.fromkeys(COLUMNS, "") | {
        column: _CLEAN.get(column, name)(cell) for column, cell in zip(header, cells, strict=False) if column}
    values |= _name_and_email(values["name"], values["email"])
    email = meeting.known_spelling(values["email"])
    errors = _email_errors(values["email"], seen, is_known=email in meeting.known)
    seen.setdefault(same_mailbox(email), line)
    errors |= _name_errors(values["name"], is_known=email in meeting.known)
    errors |= {column: "At most 200 characters." for column in ("affiliation", "stakeholder group")
               if len(values[column]) > MOST_CHARACTERS}
    errors |= {column: _SEVERAL_ROWS for column, cell in zip(header, cells, strict=False)
               if column not in ("", "email") and "@" in cell.strip().partition("\n")[2]}
    errors |= {column: f"'{value}' is an error value of the spreadsheet." for column, value in values.items()
               if _ERROR_VALUE.fullmatch(value)}
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header):]):
        errors["name"] = f"The row has {len(cells)} cells, the first line {len(header)}; is a comma unquoted?"
    role = values["role"].casefold()
    if role and role not in set(Role):
        errors["role"] = f"'{values['role']}' is not a role: {', '.join(Role)}."
    elif role and email == meeting.own_email and role != Role.ORGANIZER:
        errors["role"] = ("This would take your own organizer role away. Leave the cell empty, or ask another "
                          "organizer to change it.")
    wanted, unknown = _sessions(values["sessions"], meeting.codes)
    if unknown:
        errors["sessions"] = f"There is no session {', '.join(unknown)}." + (
            " The spreadsheet made a date of what was typed; format the cell as text."
            if any(map(_DATE.match, unknown)) else "")
    if errors:
        return InvitationRow(line=line, values=values, errors=errors)
    return InvitationRow(line=line, values=values, person=InvitedPerson(
        name=values["name"], email=email, affiliation=values["affiliation"] or None,
        stakeholder_group=values["stakeholder group"] or None, role=Role(role) if role else None,
        forum_session_ids=wanted))


def _name_and_email(said: str, typed: str) -> dict[str, str]:
    """The name and the address of a row, in whichever of the two cells they stand."""
    beside, email = name_and_address(typed)
    if "<" in said:
        inner, address = name_and_address(said)
        if is_email(address) and (not email or same_mailbox(address) == same_mailbox(email)):
            said, email = inner, address
    return {"name": said or beside, "email": email}


def _name_errors(name: str, *, is_known: bool) -> dict[str, str]:
    if not name:
        return {} if is_known else {"name": "A name is needed."}
    return {"name": "At most 200 characters."} if len(name) > MOST_CHARACTERS else {}


def _email_errors(typed: str, seen: Mapping[str, int], *, is_known: bool) -> dict[str, str]:
    email = normal_email(typed)
    if not is_email(email):
        return {"email": f"'{typed}' is not an e-mail address." if email else "An address is needed."}
    if not is_known and not _HOST.fullmatch(email.rpartition("@")[2]):
        return {"email": f"'{typed}' is not an e-mail address."}
    line = seen.get(same_mailbox(email))
    return {"email": f"The same address stands in line {line}."} if line is not None else {}


def _code_key(code: str) -> str:
    return " ".join(code.split()).casefold()


def _sessions(cell: str, codes: Mapping[str, int]) -> tuple[frozenset[int] | None, list[str]]:
    """The forum sessions a cell names, None where it says nothing, and what names none.

    Codes may hold any sign, those that separate them too: at each place the longest code that ends there counts.
    """
    rest, found, unknown = _code_key(cell), [], []
    if rest == "all" and "all" not in codes:
        return frozenset(), []
    while rest := rest.lstrip(_SEPARATING):
        code = max((one for one in codes if rest.startswith(one) and rest[len(one):len(one) + 1] in _ENDING),
                   key=len, default="")
        if code:
            found.append(codes[code])
        else:
            code = re.split(f"[{re.escape(_SEPARATING)}]", rest, maxsplit=1)[0]
            unknown.append(code.upper())
        rest = rest[len(code):]
    return (frozenset(found) if found else None), unknown
