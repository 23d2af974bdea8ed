"""Shelves and events for sites that are not ours: what their elements ask for, and the page that shows them."""
