"""Predictions: trained out of time, judged before they serve, told live with reasons."""
