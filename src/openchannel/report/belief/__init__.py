"""What one would have to believe, as a chapter of the brief and as a page of its own."""
