"""What every measure says about one file of votes: figures for programs, lines for people."""
