"""The fault simulator: the real use cases through the real state machine, against faults, on simulated time."""
