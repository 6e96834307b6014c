"""One record from many lists: acts that may be the same, linked, compared and decided on."""
