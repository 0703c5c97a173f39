"""What a blend may give away about the real pictures in it; imports eval, blend, packs and scenes only."""
