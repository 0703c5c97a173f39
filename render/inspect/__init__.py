"""One frame with every label drawn, and its record in words. Reads a round, changes nothing but `<out>/inspect/`."""
