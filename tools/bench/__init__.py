"""Measurements: ratios taken side by side in one run, and counts. Never assertions on time."""
