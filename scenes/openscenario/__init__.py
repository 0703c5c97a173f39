"""OpenSCENARIO 1.x storyboards on OpenDRIVE roads, read into `scenes.script`; imports lxml and plain scenes."""
