"""An acquirer that speaks Stripe's API, with its own books: Checkout, payment intents, refunds, disputes, webhooks.

Written from the API's description alone. It shares nothing with the connector, so that neither can be wrong in the
same way as the other without a test saying so.
"""
