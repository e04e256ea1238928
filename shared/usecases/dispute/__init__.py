"""What a bank takes back or asks about. Only its PSP says how a dispute stands."""
