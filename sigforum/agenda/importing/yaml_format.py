"""The project's own agenda format: every agenda can be written as YAML and read back unchanged."""

import datetime
import re
from typing import Any

import yaml

from sigforum.agenda.domain import AgendaPlan, DayPlan, Faq, ForumSessionPlan, SlotPlan
from sigforum.agenda.importing.cleaning import clean_code
from sigforum.agenda.importing.contract import AgendaFormat
from sigforum.agenda.importing.dates import wrong_weekday
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.finishing import NO_SESSION, refuse_repeated_codes, warn_repeated_questions
from sigforum.agenda.importing.warning_list import WarningList
from sigforum.agenda.importing.yaml_nodes import Node, read_nodes
from sigforum.kernel.clock import FIRST_YEAR, LAST_YEAR, is_in_reach

_MARK = "sigforum-agenda"
_VERSION = "1"
_WIDTH = 100
_RARE_LINE_ENDS = "\r\x85\u2028\u2029"
_SIGNS = re.compile(rf"^{_MARK}\s*:|^[\"']?days[\"']?\s*:\s*$", re.MULTILINE)


def write(plan: AgendaPlan) -> str:
    """The agenda as YAML; warnings are left out, because they speak of another file."""
    content = {key: value for key, value in plan.to_json().items() if key != "warnings"}
    content["faqs"] = [{"question": faq.question, "answer": faq.answer} for faq in plan.faqs]
    return yaml.dump(
        {_MARK: int(_VERSION), **content}, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_WIDTH
    )


def parse(text: str) -> AgendaPlan:
    """The agenda of a YAML text; unknown names are warnings, wrong kinds of values are errors."""
    warnings = WarningList()
    top = _Entry(read_nodes(text), "the agenda", warnings=warnings)
    version = top.text(_MARK) or _VERSION
    if version != _VERSION:
        raise AgendaUnreadable(f"Version {version[:20]} of the format is unknown; {_VERSION} is known.")
    codes: list[tuple[str | None, int]] = []
    wordings: list[tuple[str, int]] = []
    plan_days = tuple(_day(each, codes=codes, wordings=wordings) for each in top.entries("days"))
    faqs = tuple(_faq(each) for each in top.entries("faqs"))
    title, start, end = top.text("title") or "", top.date("start"), top.date("end")
    intro = top.text("intro")
    top.ignore("warnings")
    top.warn_unknown()
    if not codes:
        raise AgendaUnreadable(NO_SESSION)
    refuse_repeated_codes(iter(codes))
    warn_repeated_questions(iter(wordings), warnings=warnings)
    return AgendaPlan(title, start, end, intro, plan_days, faqs, warnings.as_tuple())


def _day(entry: "_Entry", *, codes: list[tuple[str | None, int]], wordings: list[tuple[str, int]]) -> DayPlan:
    slots = tuple(_slot(each, codes=codes, wordings=wordings) for each in entry.entries("slots"))
    day = DayPlan(entry.text("label") or "", entry.date("date"), slots)
    wrong = wrong_weekday(day.label, day.date) if day.date else None
    if wrong:
        entry.warn(f"{day.date} is a {day.date:%A}, but '{day.label}' says {wrong}. The date counts.")
    entry.warn_unknown()
    return day


def _slot(
    entry: "_Entry", *, codes: list[tuple[str | None, int]], wordings: list[tuple[str, int]]
) -> SlotPlan:
    forum_sessions = tuple(
        _forum_session(each, codes=codes, wordings=wordings) for each in entry.entries("sessions")
    )
    slot = SlotPlan(entry.whole_number("number"), entry.text("title") or "", forum_sessions)
    entry.warn_unknown()
    return slot


def _forum_session(
    entry: "_Entry", *, codes: list[tuple[str | None, int]], wordings: list[tuple[str, int]]
) -> ForumSessionPlan:
    code = clean_code(entry.text("code") or "")
    if not code:
        raise AgendaUnreadable("This session has no code.", entry.line)
    codes.append((code, entry.line))
    questions = entry.texts("questions")
    forum_session = ForumSessionPlan(
        code=code,
        title=entry.text("title") or "",
        theme=entry.text("theme"),
        modality=entry.text("modality"),
        modalities=tuple(each for each, _ in entry.texts("modalities")),
        central_question=entry.text("central_question"),
        questions=tuple(each for each, _ in questions),
    )
    if not forum_session.central_question:
        entry.warn(f"Session {code} has no central question.")
    wordings.extend(questions)
    entry.warn_unknown()
    return forum_session


def _faq(entry: "_Entry") -> Faq:
    faq = Faq(entry.text("question") or "", entry.text("answer"))
    entry.warn_unknown()
    return faq


class _Entry:
    """A mapping whose values are asked for one by one; what nobody asked for is unknown."""

    def __init__(self, node: Node, what: str, *, warnings: WarningList) -> None:
        if node.entries is None:
            raise AgendaUnreadable(f"Names with values were expected for {what}.", node.line)
        self.line = node.line
        self._rest = dict(node.entries)
        self._warnings = warnings

    def text(self, name: str) -> str | None:
        node = self._rest.pop(name, None)
        if node is None or node.is_null:
            return None
        if node.text is None:
            raise AgendaUnreadable(f"'{name}' must be a text.", node.line)
        return node.text

    def texts(self, name: str) -> list[tuple[str, int]]:
        """The texts of a list, each with its line."""
        found: list[tuple[str, int]] = []
        for item in self._items(name):
            if item.text is None:
                raise AgendaUnreadable(f"'{name}' must be a list of texts.", item.line)
            found.append((item.text, item.line))
        return found

    def date(self, name: str) -> datetime.date | None:
        line, text = self._line_of(name), self.text(name)
        if text is None:
            return None
        try:
            found = datetime.date.fromisoformat(text)
        except ValueError as error:
            raise AgendaUnreadable(f"'{name}' must be a date such as 2026-06-16.", line) from error
        if not is_in_reach(found):
            raise AgendaUnreadable(f"'{name}' must be a date of the years {FIRST_YEAR} to {LAST_YEAR}.", line)
        return found

    def whole_number(self, name: str) -> int | None:
        line, text = self._line_of(name), self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,4}", text.strip()):
            raise AgendaUnreadable(f"'{name}' must be a whole number from 0 to 9999.", line)
        return int(text)

    def entries(self, name: str) -> list["_Entry"]:
        return [_Entry(item, f"each of '{name}'", warnings=self._warnings) for item in self._items(name)]

    def ignore(self, name: str) -> None:
        self._rest.pop(name, None)

    def warn(self, message: str) -> None:
        self._warnings.add(self.line, message)

    def warn_unknown(self) -> None:
        for name, node in self._rest.items():
            self._warnings.add(node.line, f"'{name[:80]}' is unknown and is left out.")

    def _line_of(self, name: str) -> int:
        return self._rest[name].line if name in self._rest else self.line

    def _items(self, name: str) -> list[Node]:
        node = self._rest.pop(name, None)
        if node is None or node.is_null:
            return []
        if node.items is None:
            raise AgendaUnreadable(f"'{name}' must be a list.", node.line)
        return node.items


class _Writer(yaml.SafeDumper):
    """Writes texts of several lines as blocks and never a reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _write_text(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    if any(character in _RARE_LINE_ENDS for character in value):
        # The other styles fold these into plain line ends, which would lose them.
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _write_text)


def _recognises(text: str) -> bool:
    return bool(_SIGNS.search(text[:100_000]))


FORMAT = AgendaFormat(
    name="yaml",
    label="sigforum YAML",
    extensions=(".yaml", ".yml"),
    recognises=_recognises,
    parse=parse,
    write=write,
)
