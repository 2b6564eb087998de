"""What may be told of few people: the one place of its numbers, pure, for every page, frame and file."""
