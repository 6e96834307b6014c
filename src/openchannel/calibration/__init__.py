"""What the record says about the parameters: fits, hindcasts, and checks that may refuse them."""
