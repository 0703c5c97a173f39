"""Plain YAML, read through `pkg://conf`; one defaults list per command."""
