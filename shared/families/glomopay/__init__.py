"""Glomopay's dialect: integers in minor units, bearer keys, orders that are paid by one of several tries."""
