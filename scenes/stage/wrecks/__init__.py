"""What a blow or a fire does to a finished vehicle, and what it leaves on the road."""
