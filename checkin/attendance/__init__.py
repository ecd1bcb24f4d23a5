"""From scans to attendance: stays, minutes, totals, and the recount."""
