"""What a payment is and which moves are legal. Pure: no I/O, no AWS, no environment, no clock."""
