"""Drift: whether the pictures of a window in time still come from where the reference came from."""
