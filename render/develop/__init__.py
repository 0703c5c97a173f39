"""From a radiance bundle and a look to a finished picture: pure functions on float32 linear arrays."""
