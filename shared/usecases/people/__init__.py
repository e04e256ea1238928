"""People who work at a merchant: who they are, and how they come in. Whoever is refused learns of nobody."""
