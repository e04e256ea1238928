"""What the gateway's operators do at their own door: merchants made, invited and found.

Whatever they change is in the merchant's trail with their name.
"""
