"""What a report calls a share is that share; a mark that it reaches or misses is called a mark."""

import re

import pytest
from click.testing import CliRunner

from sigforum.cli import main

# How many of twelve lie within 1 of the median, 8.
COUNTS = (8, 9, 10, 11, 12)


@pytest.mark.parametrize("near", COUNTS)
def test_share_within_one_of_the_median_is_not_its_mark(tmp_path, near):
    ratings = [8] * near + [5] * (12 - near)
    path = tmp_path / "votes.csv"
    path.write_text("person,a\n" + "".join(f"p{place},{rating}\n" for place, rating in enumerate(ratings)))
    said = CliRunner().invoke(main, ["consensus", "rating", str(path)]).output
    found = re.search(r"(\d+) of 12(?: \((\d+\.\d+) %\))? lie within 1 of the median, ([^;.]+);", said)
    assert found, said
    assert (int(found[1]), found[2]) == (near, f"{100 * near / 12:.1f}"), found[0]
    assert found[3] == ("which is 80 % or more" if near >= 10 else "which is less than 80 %")


def test_every_share_with_a_percentage_is_the_share_of_its_count(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("person,a,b\n" + "".join(f"p{n},{1 + n * 5 % 9},{7 + n % 3}\n" for n in range(17)))
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("person,a,b\n" + "".join(f"p{n},{1 + n * 7 % 9},{6 + n % 4}\n" for n in range(17)))
    said = CliRunner().invoke(main, ["consensus", "rating", str(path), "--earlier", str(earlier)]).output
    shares = re.findall(r"(\d+) of (\d+),? \(?(\d+(?:\.\d+)?) %", said)
    assert len(shares) > 3
    assert [one for one in shares if abs(float(one[2]) - 100 * int(one[0]) / int(one[1])) > 0.06] == []
