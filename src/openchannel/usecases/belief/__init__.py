"""What one would have to believe, claim by claim, and the strongest case on either side."""
