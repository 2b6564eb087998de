"""Who moved between two rounds, as far as it may be told: pure, and asked by everything that tells of it."""

from collections.abc import Mapping

from sigforum.ballots.domain import Secrecy, Terms
from sigforum.consensus.movement import Movement, Places, movements
from sigforum.disclosure_control.results import is_movement_told


def told_movements(earlier: Mapping[int, Places], later: Mapping[int, Places], *, terms: tuple[Terms, Terms]
                   ) -> dict[str, Movement]:
    """The movements by option key between two rounds asked under `terms`. Where these promise that few hidden ballots
    are told to nobody, and one or two people answered an option in one round alone, it is left out."""
    is_hidden = any(one.secrecy != Secrecy.OPEN and one.least_told > 0 for one in terms)
    return {key: found for key, found in movements(earlier, later).items() if is_movement_told(
        is_hidden_vote=is_hidden, both=found.both, joined=found.joined, left=found.left)}
