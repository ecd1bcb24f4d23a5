"""`python -m tests.faults`: real processes, real kills, and a checker that compares logs with the
database.
"""
