"""What history says of the model: its study, and the moments that it must meet."""
