"""The small detectors and probes that say whether a blend helps on real pictures."""
