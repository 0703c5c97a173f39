"""Twins of the dear steps for a torch device: the same arguments and numbers, checked by tests against the CPU's."""
