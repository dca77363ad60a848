"""What differs between two books, kind by kind."""
