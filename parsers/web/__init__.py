"""Web pages and web archives, as a browser would show them."""
