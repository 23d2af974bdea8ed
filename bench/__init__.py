"""Benchmarks: `python -m bench ROOM/CASE [--json]`, `python -m bench --list`."""
