"""One module a command; each has `HAS_QUERY`, `add_arguments` and `run`."""
