"""Lists of events by others, read as they come and put into our columns, with nothing lost."""
