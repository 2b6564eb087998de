"""What a summary says, as frozen values; one file a part."""
