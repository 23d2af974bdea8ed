"""The shop's use cases; app/build.py makes one of each per shop."""
