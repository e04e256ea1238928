"""Telling merchants. The queue's message is the timer, the delivery the record."""
