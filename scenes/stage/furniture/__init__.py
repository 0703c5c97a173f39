"""What stands beside, over and on a road; pure geometry and finishes, which import nothing of Blender."""
