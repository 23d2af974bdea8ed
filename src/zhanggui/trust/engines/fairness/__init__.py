"""Whether groups are served alike, and what it costs to mend it: arrays in, figures out."""
