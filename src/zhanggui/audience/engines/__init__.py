"""Pure algorithms of the room: arrays and values in, values out; a package for each idea."""
