"""The report examines itself: whether it follows from its evidence, and whether all its parts say the same."""
