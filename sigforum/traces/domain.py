"""What leaves traces."""

from enum import StrEnum


class Kind(StrEnum):
    """Why bytes have to leave the files."""

    # A secret round was closed: which ballot was written together with which voter.
    SECRET_ROUND = "secret_round"
    # A person's data was erased or purged: names, addresses and words.
    ERASURE = "erasure"
