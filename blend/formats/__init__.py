"""The blend in the formats of others, one a module; `registry` knows them all. Imports of blend and scenes only."""
