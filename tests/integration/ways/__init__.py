"""Every endpoint, step and housekeeping function, used in every way that a test can bring about, and watched."""
