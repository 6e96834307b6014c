"""Pages of one subject each, in the shapes and by the renderers of the brief."""
