"""What the ballots of each kind come to, written anew from docs/poll-kinds.md."""
