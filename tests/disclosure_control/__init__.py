"""Tests of what may be told of few people."""
