"""From the configuration to what the report knows of the plan and of what people declared, accepted and attested."""
