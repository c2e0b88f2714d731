"""Word documents: what .docx, .doc, .wps and Word's XML files say, as lines and grids."""
