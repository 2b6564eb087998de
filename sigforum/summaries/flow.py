"""How many people went which way: invited, accepted, entitled and answering, round by round; counts only."""

from dataclasses import dataclass

from sigforum.kernel.excerpts import shortened
from sigforum.summaries.blocks import Chart, Table
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.polls import PollSummary, RoundSummary, Turnout
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.printing import drawing

_WIDTH, _BOX_WIDTH, _BOX_HEIGHT, _ROW = 640, 150, 40, 84
_LEFT, _GAP = 40, 45
_ROUNDS_A_ROW = 3


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of the chart; `aside` is who did not go on from there, `title` stands above it."""

    x: int
    y: int
    text: str
    count: str
    aside: str = ""
    title: str = ""
    is_joined: bool = False


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The chart: its size, its boxes, and the same in a sentence."""

    width: int
    height: int
    box_width: int
    box_height: int
    trunk_x: int
    boxes: tuple[Box, ...]
    words: str


def flow_chart(document: SummaryDocument) -> Chart:
    """The chart with its table."""
    table = flow_table(document)
    return Chart(svg=drawing("summaries/_flow.html", "flow", _drawn(document)), numbers=table, is_wide=True,
                 caption="Participants from invitation to each round. Every number is a count of people.")


def flow_table(document: SummaryDocument) -> Table:
    """The same numbers, one row a round."""
    rows = [("Invited to the session", str(document.participation.invited), "", "", "", "", ""),
            ("Accepted", str(document.participation.accepted), "", "", "", "", ""),
            *((words.capitalize(), str(people), "", "", "", "", "")
              for words, people in document.participation.outcomes)]
    for title, turnout, asked in _rounds(document):
        is_newest = turnout is not None
        rows.append((
            title, "", str(asked.entitled), str(asked.answered), str(asked.late),
            _text(turnout.recused if turnout else None) if is_newest else "–",
            _text(turnout.outside_expertise) if turnout else "–"))
    return Table(caption="Participants by step. A dash stands for what is not counted there.",
                 columns=("Step", "People", "Entitled", "Answered", "Too late", "Recused", "Outside expertise"),
                 rows=tuple(rows))


def _rounds(document: SummaryDocument) -> list[tuple[str, Turnout | None, RoundSummary]]:
    """Every round; recused and outside expertise are known of the newest alone."""
    return [(f"{poll.title}, round {asked.number}", poll.turnout if asked is poll.rounds[-1] else None, asked)
            for poll in document.polls for asked in poll.rounds]


def _text(value: int | None) -> str:
    return "–" if value is None else str(value)


def _drawn(document: SummaryDocument) -> Flow:
    """Invitation and acceptance on top; below, a row for each poll with its rounds from left to right."""
    found, y = document.participation, 10
    boxes = [
        Box(x=_LEFT, y=y, text="Invited", count=str(found.invited)),
        Box(x=_LEFT + _BOX_WIDTH + _GAP, y=y, text="Accepted", count=str(found.accepted), is_joined=True,
            aside=_not_accepted(found))]
    y += _BOX_HEIGHT + 50
    words = [f"{found.invited} invited", f"{found.accepted} accepted",
             *(f"{people} {became}" for became, people in found.outcomes)]
    for poll in document.polls:
        for first in range(0, len(poll.rounds), _ROUNDS_A_ROW):
            boxes += _row(poll, first, y)
            y += _ROW + 16
        words += [f"{poll.title}, round {asked.number}: {asked.answered} of {asked.entitled} entitled answered"
                  for asked in poll.rounds]
    return Flow(width=_WIDTH, height=y - 10 if document.polls else 80, box_width=_BOX_WIDTH, box_height=_BOX_HEIGHT,
                trunk_x=_LEFT - 20, boxes=tuple(boxes), words="; ".join(words))


def _not_accepted(found: Participation) -> str:
    """Who did not go on from the invitation; summed up where it was published before each way was counted."""
    parts = [f"{people} {words.removesuffix(' before answering')}" for words, people in found.outcomes]
    if not parts and found.invited > found.accepted:
        parts = [f"{found.invited - found.accepted} did not accept"]
    return ", ".join(parts)


def _row(poll: PollSummary, first: int, y: int) -> list[Box]:
    return [
        Box(x=_LEFT + place * (_BOX_WIDTH + _GAP), y=y, text=f"Round {asked.number}",
            count=f"{asked.answered} of {asked.entitled}", aside=_aside(poll, asked), is_joined=place > 0,
            title=shortened(poll.title, 10) if place == 0 else "")
        for place, asked in enumerate(poll.rounds[first:first + _ROUNDS_A_ROW])]


def _aside(poll: PollSummary, asked: RoundSummary) -> str:
    """Who is not among those who answered."""
    parts = [f"{asked.late} too late"] if asked.late else []
    if asked is poll.rounds[-1]:
        parts += [f"{poll.turnout.recused} recused"] if poll.turnout.recused else []
        parts += [f"{poll.turnout.outside_expertise} outside"] if poll.turnout.outside_expertise else []
    return ", ".join(parts)
