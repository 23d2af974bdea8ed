"""Segments: rules in a small language over what a profile says."""
