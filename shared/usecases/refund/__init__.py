"""Giving money back. What is given back is reserved with the payment before it is sent."""
