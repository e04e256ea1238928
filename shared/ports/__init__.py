"""What the use cases need from the world, a module each. Adapters satisfy these by shape, not by inheritance."""
