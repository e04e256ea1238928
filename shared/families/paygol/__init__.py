"""Paygol: services that sign, methods by country, errors as HTTP 200."""
