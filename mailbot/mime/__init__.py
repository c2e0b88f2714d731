"""From raw bytes to a message taken apart: headers, charsets, names, parts. RFC 5322, RFC 2045."""
