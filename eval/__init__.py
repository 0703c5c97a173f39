"""Measure, gate, show and steer; may import `blend`, `render` and `scenes`."""
