"""insights-service: a member's week in a few numbers, computed from the records that whoop-service keeps."""
