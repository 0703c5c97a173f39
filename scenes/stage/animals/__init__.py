"""Dogs, deer and cows as arrays; no Blender in here."""
