"""Pictures of pages: what a recogniser sees on them; nothing that comes from here is certain."""
