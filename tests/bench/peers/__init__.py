"""`make bench-peers`: the same work by other tools, side by side with ours."""
