"""How often customers come back, whether they still do, and what they spend: models with a written-down likelihood."""
