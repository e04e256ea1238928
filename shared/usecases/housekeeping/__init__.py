"""What nobody else finished. Everything here asks first, and may be repeated."""
