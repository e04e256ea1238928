"""An acquirer that speaks PayPal's Orders v2 and Payments v2, with its own books: buyers agree, shops do the rest.

Written from the API's description alone. It shares nothing with the connector, so that neither can be wrong in the
same way as the other without a test saying so.
"""
