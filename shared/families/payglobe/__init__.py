"""PayGlobe: decimals in camelCase, bearer keys, the guide's envelope. Pure but for reading the call."""
