"""What an answer changed, part by part, and what can be done about it."""
