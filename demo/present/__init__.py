"""A sixth, invented project whose events are today and to come."""
