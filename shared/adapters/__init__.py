"""The world: each adapter satisfies a Protocol of ``shared.ports`` by shape."""
