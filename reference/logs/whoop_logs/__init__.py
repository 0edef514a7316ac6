"""The logs of all containers in one place: collected, kept for as long as agreed, and searched."""
