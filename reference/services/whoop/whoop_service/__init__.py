"""whoop-service: keeps athletes' recovery, sleep and workout records for those who may read them."""
