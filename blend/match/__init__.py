"""Finished synthetic pictures made to look like a real set's camera took them: colour, sharpness, noise, JPEG.

These act on 8-bit display pictures and move no pixel, so labels stay as they are. It imports what `blend` may import.
"""
