"""The history of the schema, one file a step. Applied by `connectors.database.migrate`."""
