"""Acts that change a target. Each registers its undo before it acts."""
