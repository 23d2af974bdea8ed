"""A believable Chinese shop from a seed, whose truth is known."""
