"""The demo: a throwaway database with five real projects, invented people, and a door that is open
now.
"""
