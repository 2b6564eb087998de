"""Questions discussed: responses, replies, edits and moderation."""
