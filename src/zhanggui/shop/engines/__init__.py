"""Pure algorithms of the shop."""
