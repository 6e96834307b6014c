"""Runs kept side by side for the web app: orders, what a page shows, how to make it again."""
