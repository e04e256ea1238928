"""An acquirer that speaks Nexi's XPay API (the one with an X-API-KEY), with its own books.

Written from the API's description and its official PHP SDK alone. It shares nothing with the connector, so that
neither can be wrong in the same way as the other without a test saying so.
"""
