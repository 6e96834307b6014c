"""How to build it: the page of a design, and its chapter in the brief."""
