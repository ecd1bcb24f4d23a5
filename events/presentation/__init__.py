"""How events appear: in words, in JSON, in mails, and the frame of organisers’ pages."""
