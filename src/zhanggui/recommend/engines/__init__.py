"""Pure algorithms of the recommender: arrays in, arrays out; no clock, store, network or global random."""
