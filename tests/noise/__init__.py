"""Calibration, sampling, tails and thresholds, against exact arithmetic."""
