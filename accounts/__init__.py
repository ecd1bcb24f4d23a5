"""The people who run it: accounts, signed-in browsers, roles, API tokens, and the audit log."""
