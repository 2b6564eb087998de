"""Votes from files: bytes in, plain values out, and every problem named by row and column."""
