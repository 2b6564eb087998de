"""Statements to agree with, and motions: words counted one statement after the other."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sigforum.verification.counting.choices import has_intervals, share
from sigforum.verification.counting.newer import is_newer
from sigforum.verification.counting.paper import OUTSIDE, Count, line, result, turnout_numbers
from sigforum.verification.matching import Words
from sigforum.verification.rules import Room, said_shares, says_once, verdict

AGREE_LABELS = {"agree": "Agree", "disagree": "Disagree", "pass": "Pass", OUTSIDE: "Outside expertise"}


def count_agree(count: Count) -> dict[str, Any]:
    """Agree against disagree; passes and answers outside one's expertise are in no share."""
    return result(count, [_agree_line(option, count) for option in count.options], text=Words(turnout_numbers(count)))


def _agree_line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    said = Counter(answer["votes"][option["key"]] for answer in count.answers
                   if option["key"] in answer.get("votes", {}))
    figures = share(said["agree"], said["agree"] + said["disagree"], has_interval=has_intervals(count.settings)) | {
        "disagree": said["disagree"], "pass": said["pass"], "outside": said[OUTSIDE],
        "turnout": Words((said.total(), count.entitled))}
    return line(option, answered=said.total(), figures=figures,
                distribution=[[label, said[word]] for word, label in AGREE_LABELS.items()])


def count_motion(count: Count) -> dict[str, Any]:
    """Yes against no, and the verdict; abstaining from all motions is abstaining from each."""
    return result(count, [_motion_line(option, count) for option in count.options], text=Words(turnout_numbers(count)))


def _motion_line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    said = Counter("abstain" if answer.get("abstain") is True else answer["votes"][option["key"]]
                   for answer in count.answers)
    yes, no, abstained = said["yes"], said["no"], said["abstain"]
    room = Room(ratings=+Counter({0: no, 1: yes}), lowest=0, highest=1, abstained=abstained, outside=0,
                entitled=count.entitled)
    figures = share(yes, yes + no, has_interval=not is_newer(count.rule)) | {"no": no}
    figures |= {"no_of": yes + no} if says_once(count.rule) else {}
    return line(option, answered=said.total(), figures=figures | said_shares(count.rule, room),
                distribution=[[count.settings["yes_label"], yes], [count.settings["no_label"], no],
                              ["Abstain", abstained]],
                verdict=verdict(count.rule, room))
