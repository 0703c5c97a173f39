"""Synthetic and real pictures as one training set; imports `scenes`, never `render` or `eval`."""
