"""Mail that comes back to addresses of ours: delivery reports and calendar replies."""
