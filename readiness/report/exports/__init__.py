"""What other programs read: the JSON schema of the ledger, JUnit, and a statement that can be signed."""
