"""PDF documents with text of their own: glyphs and rules on paper, put back into lines and grids."""
