"""Another kind for a poll that is being written: what was typed goes along, and is back with the kind it was for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Of the form itself, not of the poll that is written.
NOT_TYPED = frozenset({"csrf_token", "kind", "change_to", "typed_fields"})
# A choice that the shown kind does not offer waits under this name, one a line, the newest first.
WAITING = "waiting-"


@dataclass
class FormFields:
    """What a browser would send of a form that nobody has touched, and what its choices offer."""

    values: dict[str, str] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)


def fields_of(page: str) -> FormFields:
    """The fields of a piece of a page. They are read from it, so that a kind declares them in its template alone."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


def typed_in(posted: Mapping[str, str], blank: FormFields) -> dict[str, str]:
    """What somebody typed or chose, here or in a kind before: a default that was left as it was belongs to its kind."""
    touched = set(posted.get("typed_fields", "").split())
    typed = {}
    for name, value in posted.items():
        is_default = value.replace("\r\n", "\n") == blank.values.get(name)
        if name not in NOT_TYPED and (name in touched or not is_default):
            typed[name] = value
    return typed | {"typed_fields": " ".join(name for name in typed if not name.startswith(WAITING))}


def fitted(typed: Mapping[str, str], blank: FormFields) -> dict[str, str]:
    """The same for another kind: a choice that it does not offer waits, and one that waited for it is back."""
    fitting = dict(typed)
    for name, offered in blank.offered.items():
        waiting = fitting.pop(WAITING + name, "").splitlines()
        if (value := fitting.pop(name, "")) and value not in waiting:
            waiting.insert(0, value)
        if chosen := next((one for one in waiting if one in offered), ""):
            fitting[name] = chosen
            waiting.remove(chosen)
        if waiting:
            fitting[WAITING + name] = "\n".join(waiting)
    return fitting


def carried(typed: Mapping[str, str], blank: FormFields) -> dict[str, str]:
    """What the form has no field for: its hidden fields."""
    hidden = {name: value for name, value in typed.items() if name not in NOT_TYPED and name not in blank.values
              and name not in blank.offered}
    return hidden | {name: value for name, value in typed.items() if name == "typed_fields"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = FormFields()
        self._writes = self._selects = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attributes}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "textarea":
            self._writes = name
            self.found.values[name] = ""
        elif tag == "select":
            self._selects = name
        elif tag == "option" and self._selects:
            self._offer(self._selects, value, is_chosen="selected" in given)
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            self._offer(name, value, is_chosen="checked" in given)
        elif tag == "input":
            self.found.values[name] = value

    def handle_data(self, data: str) -> None:
        if self._writes:
            self.found.values[self._writes] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.found.values[self._writes] = self.found.values[self._writes].removeprefix("\n")
            self._writes = ""
        elif tag == "select":
            self._selects = ""

    def _offer(self, name: str, value: str, *, is_chosen: bool) -> None:
        self.found.offered.setdefault(name, set()).add(value)
        if is_chosen:
            self.found.values[name] = value
