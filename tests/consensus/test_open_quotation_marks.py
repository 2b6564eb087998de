"""A quotation mark that is not closed in its cell: no row behind it is lost without a word."""

import pytest
from click.testing import CliRunner

from sigforum.cli import main

# The line in which the mark is opened is the third of each file.
FILES = {
    "ranking": "person,A,B\np,1,2\n{}q,2,1{}\nr,2,1{}\ns,2,1\n",
    "rating": "person,a,b\np,7,8\n{}q,8,8{}\nr,9,8{}\ns,1,8\n",
    "agreement": "person,a,b\np,7,8\n{}q,8,8{}\nr,9,8{}\ns,1,8\n",
    "points": "person,a,b\np,3,2\n{}q,1,4{}\nr,5,0{}\ns,2,2\n",
    "groups": "person,statement,vote\np,one,1\n{}q,one,-1{}\nr,one,1{}\ns,one,1\n",
    "matrix": "option,x,y\np,1,2\n{}q,3,4{}\nr,5,6{}\ns,5,6\n",
}
# Before the cell, at the end of its line, and at the end of the next one.
MARKS = {"never closed": ('"', "", ""), "closed a line later": ('"', "", '"'),
         "closed at the end of its line": ('"', '"', "")}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("SIGFORUM_SECRET_KEY", raising=False)

    def runs(command, text):
        path = tmp_path / "votes.csv"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["consensus", command, str(path)])

    return runs


@pytest.mark.parametrize("marks", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("command", FILES)
def test_no_row_is_lost_behind_an_open_mark(run, command, marks):
    found = run(command, FILES[command].format(*marks))
    assert found.exit_code != 0, found.output
    assert "row 3" in found.output


@pytest.mark.parametrize("row", ['"q\nr,2,1",2,1', '"q,2,1\nr",2,1'])
def test_a_name_that_took_a_row_in_is_refused(run, row):
    found = run("ranking", f"person,A,B\np,1,2\n{row}\ns,2,1\n")
    assert found.exit_code != 0, found.output
    assert "row 3" in found.output


def test_quoted_cells_are_read_as_before(run):
    text = 'person,"A ""first"", really","B\nbelow"\n"Li, Ann",1,2\n"Bob\nJunior",2,1\n"Cyd","2","1"\n'
    assert "3 ballots" in run("ranking", text).output
