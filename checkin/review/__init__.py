"""What organisers look at: live totals, conflicts, lists of scans, signed sheets."""
