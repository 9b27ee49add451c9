"""Duty `network.segmentation`."""
