"""Merchants and their keys. Secrets are shown once and kept as hashes."""
