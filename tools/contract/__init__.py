"""What is promised to callers: routes, replies, OpenAPI; read from the handlers, checked by tests."""
