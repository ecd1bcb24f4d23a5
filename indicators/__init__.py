"""Attendance as figures for the funder: rules, counting, caches, reports."""
