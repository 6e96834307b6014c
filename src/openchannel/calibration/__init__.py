"""What the record says about the parameters: fits, hindcasts, and the checks that may refuse them."""
