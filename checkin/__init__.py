"""The door: scans, attendance, the phones of volunteers, and what organisers review."""
