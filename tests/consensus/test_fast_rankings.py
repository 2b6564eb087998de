"""One ballot less in close elections: the short way gives what leaving out every ballot gives."""

import random

from sigforum.consensus.fast_one_less import one_less_of, rankings_one_less
from sigforum.consensus.instant_runoff import instant_runoff
from sigforum.consensus.one_person_less import one_person_less
from sigforum.consensus.pairwise import alike, count_pairs
from sigforum.consensus.schulze import schulze_order

OPTIONS = "abcde"


def elections(count):
    dice = random.Random(7)
    for _ in range(count):
        yield [{option: dice.randint(1, 4) for option in dice.sample(OPTIONS, dice.randint(1, 5))}
               for _ in range(dice.randint(1, 9))]


def test_short_way_is_the_long_one():
    tipping = 0
    for ballots in elections(300):
        slow = one_person_less(ballots, leaders=lambda rest: schulze_order(count_pairs(rest, options=OPTIONS)).winners)
        assert one_less_of(alike(ballots), count_pairs(ballots, options=OPTIONS)) == slow, ballots
        tipping += slow.tipping > 0
    assert tipping > 100


def test_ballots_given_often_count_as_often():
    for ballots in elections(100):
        many = [ballot for ballot in ballots for _ in range(3)]
        once, thrice = (count_pairs(some, options=OPTIONS) for some in (ballots, many))
        assert {pair: 3 * count for pair, count in once.above.items()} == thrice.above
        assert instant_runoff(many, options=OPTIONS).winners == instant_runoff(ballots, options=OPTIONS).winners
        assert sum(count for _, count in alike(many)) == len(many)


def test_a_bound_on_the_work_can_leave_it_unsaid():
    ballots = [{"a": 1}, {"b": 1}]
    pairs = count_pairs(ballots, options=OPTIONS)
    assert rankings_one_less(ballots, pairs, most_work=1) is None
    assert rankings_one_less(ballots, pairs) is not None
