"""The map as plain numbers: inside its frame, one scale for both axes, nobody's name."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from sigforum.consensus.opinion.opinion_map import HEIGHT, WIDTH, convex_outline, opinion_map

PLACES = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=12)


@settings(deadline=None)
@given(PLACES)
@example([(9.0, 9.0), (9.0, 8.999999999999998)])
def test_map_stays_in_its_frame_and_keeps_distances(places):
    found = opinion_map(places, [None] * len(places))
    assert len(found.points) == len(places)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in found.points)
    again = opinion_map(places[::-1], [None] * len(places))
    assert again == found


def test_map_outlines_groups_and_tells_them_in_words():
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0)]
    found = opinion_map([*square, (6.0, 1.0), (7.0, 1.0)], ["A"] * 5 + ["B"] * 2)
    first, second = found.groups
    assert (first.name, first.people, len(first.outline)) == ("A", 5, 4)
    # Two dots are no outline; 7 units lie over 292 of the width.
    assert (second.outline, second.people) == ((), 2)
    assert max(point.x for point in found.points) - min(point.x for point in found.points) == pytest.approx(292)
    assert found.words == ("Map of 7 people, those who voted alike near each other: group A 5 people, group B 2 "
                           "people. The axes have no meaning of their own.")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=15))
def test_outline_holds_every_place(places):
    corners = convex_outline(places)
    assert set(corners) <= set(places)
    for start, end in zip(corners, (*corners[1:], *corners[:1]), strict=True) if len(corners) > 2 else ():
        assert all((end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0]) >= 0
                   for x, y in places)


def test_map_of_nobody_is_empty():
    assert opinion_map([], []).words.startswith("Map of 0 people, those who voted alike near each other: no groups")
    assert opinion_map([(1.0, 1.0)], ["A"]).points[0].x == WIDTH / 2
    with pytest.raises(ValueError, match="shorter"):
        opinion_map([(1.0, 1.0)], [])


def test_map_is_drawn_with_a_letter_a_group_and_a_table(templates):
    drawn = {"width": 320, "height": 240, "words": "Map of 4 people", "points": [[1, 2, "A"], [3, 4, "A"], [5, 1, "A"],
                                                                                [9, 9, "B"]],
             "groups": [{"name": "A", "people": 3, "outline": [[1, 2], [3, 4], [5, 1]], "label": [3, 2.3]},
                        {"name": "B", "people": 1, "outline": [], "label": [9, 9]}]}
    page = templates.get_template("_charts.html").module.opinion_map(drawn)
    assert page.count("<circle") == 4
    assert 'aria-label="Map of 4 people"' in page
    assert 'points="1.0,2.0 3.0,4.0 5.0,1.0"' in page
    assert '<th scope="row">A</th><td>3</td>' in page
    assert "style=" not in page


@pytest.fixture
def templates():
    """The program's templates, for macros that need no page around them."""
    return Environment(loader=FileSystemLoader(Path(__file__).parents[2] / "templates"), autoescape=True)
