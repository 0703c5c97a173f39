"""The `rareblend` command: `main` names the commands, a module a command holds its `step`; may import all."""
