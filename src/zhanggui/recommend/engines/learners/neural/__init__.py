"""Networks that learn by gradients: they need the extra `neural`, and nothing here is imported with the rest."""
