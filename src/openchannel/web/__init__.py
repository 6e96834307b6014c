"""The web app of one person on one machine: pages over the same use cases as the command line."""
