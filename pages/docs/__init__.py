"""The documentation as pages: guides, their programs, the API's own description; each from its one source."""
