"""An acquirer that speaks IGFS, with its own books: SOAP over HTTP on a free port, a card page, and a switch.

Written from the protocol's description alone. It shares nothing with the connector, so that neither can be wrong in
the same way as the other without a test saying so.
"""
