"""Reads the frequently asked questions of a page, most of which have no answer in a pasted text."""

import re

from sigforum.agenda.importing.classifying import Kind, Token
from sigforum.agenda.importing.drafts import FaqDraft, Passage
from sigforum.agenda.importing.lines import QUESTION_MARKS
from sigforum.agenda.importing.warning_list import WarningList, shortened

_LONGEST_QUESTION = 400
_MARK = re.compile(r"(?:(Q)|A)\d*\s*[.:)]\s+", re.IGNORECASE)


class FaqReader:
    """Everything after the heading of the frequently asked questions, until the agenda goes on."""

    def __init__(self, warnings: WarningList) -> None:
        self.found: list[FaqDraft] = []
        self._warnings = warnings
        self._level = 0
        self._last_line = 0
        self._is_marked = False

    def begin(self, token: Token) -> None:
        """Note how deep the section's heading stands."""
        self._level = token.line.heading or 0

    def read(self, token: Token) -> bool:
        """Take a line as a question or as part of an answer; False where a heading ends the section."""
        text = token.text
        mark = _MARK.match(text)
        if mark and not mark.group(1) and not self._is_marked:
            # "A. thaliana" answers no "Q.".
            mark = None
        if mark:
            text = text[mark.end() :]
        is_heading = token.line.heading is not None
        if is_heading and not text.endswith(QUESTION_MARKS) and (token.line.heading or 0) <= self._level:
            return False
        goes_on = not token.line.follows_blank and token.number == self._last_line + 1
        if (
            is_heading
            or token.is_before_accordion
            or (mark and mark.group(1))
            or self._is_question(token, text)
        ):
            self.found.append(FaqDraft(text, token.number))
            self._is_marked = mark is not None
        elif not self.found:
            self._warnings.add(
                token.number, f"'{shortened(text)}' stands before the first question and is left out."
            )
        elif goes_on and self.found[-1].paragraphs:
            self.found[-1].paragraphs[-1].parts.append(text)
        else:
            self.found[-1].paragraphs.append(Passage([text], token.number))
        self._last_line = token.number
        return True

    @staticmethod
    def _is_question(token: Token, text: str) -> bool:
        return text.endswith(QUESTION_MARKS) and len(text) <= _LONGEST_QUESTION and token.kind is not Kind.CENTRAL
