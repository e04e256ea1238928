"""A merchant's customers: made once, found again, and one of each address."""
