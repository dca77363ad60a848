"""How scorers read: words, numerals, values, a book's cells, and what a sentence rests on.

Written for the scorers alone and without a look at the product's verifier, so that a fault
there cannot hide itself here.
"""
