"""An acquirer that speaks Worldline's Direct API, with its own books: hosted checkouts, captures, refunds, tokens.

Written from the API's description and the classes of its official Python SDK alone. It shares nothing with the
connector, so that neither can be wrong in the same way as the other without a test saying so.
"""
