"""Clips: which frames a scene has, their optical flow, how they are developed in order, and films of them."""
