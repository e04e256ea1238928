"""``make demo``: every kind of payment, played and checked scene by scene."""
