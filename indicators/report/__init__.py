"""Figures by period, the way down from each, and the indicators of an imported project."""
