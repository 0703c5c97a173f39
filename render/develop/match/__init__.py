"""Fit the camera to real pictures: measure them and frames of ours, then change the camera."""
