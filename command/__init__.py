"""What `rareblend COMMAND` runs, a module a command with its `step`, and the words after commands; may import all."""
