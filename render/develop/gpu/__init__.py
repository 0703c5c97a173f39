"""Twins of the dear steps for a torch device: the same arguments, the same numbers within 1e-3 (tests).

Nothing here draws at random: what is drawn comes in from NumPy, as on the CPU. Only `twins` is imported from outside.
"""
