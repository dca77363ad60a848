"""How score, potential and whitespace did on the book's own past, and the cells to cite it by."""
