"""Erasure and access: what the shop holds of a person, given to them or taken away, with a receipt."""
