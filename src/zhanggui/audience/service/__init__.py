"""Use cases of the room: `audience` is what `shop.audience` holds; each idea has a package of its own."""
