"""An acquirer that speaks Shift4's API, with its own books: tokens, charges, refunds, customers with cards, events.

Written from the API's reference, its page of test cards and the classes of its official libraries alone. It shares
nothing with the connector, so that neither can be wrong in the same way as the other without a test saying so.
"""
