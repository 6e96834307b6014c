"""What `hedge` found, for a reader: a page of its own, and two chapters of the brief."""
