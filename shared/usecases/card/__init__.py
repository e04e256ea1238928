"""Saved cards. A token is sealed before it is stored, and charged once whatever is lost."""
