"""What a person asks for, one function each; command line, pages and Python call only these."""
