"""What a label check asks, one noun a module; `render.label_checks` puts the questions to a traced view. No Blender."""
