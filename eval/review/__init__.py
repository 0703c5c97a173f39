"""Rounds in FiftyOne: the database process, the dataset and the App; the only place that imports fiftyone."""
