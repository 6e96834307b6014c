"""Built-in cases: folders of text files, read by `casefile` like any other case."""
