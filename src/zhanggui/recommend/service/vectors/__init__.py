"""Vectors of products: coming in, kept, and held in memory."""
