"""Where mail comes from: one adapter a kind of mailbox, each only reads."""
