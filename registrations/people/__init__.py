"""People across registrations: lists, merges, erasure, certificates, opt-outs."""
