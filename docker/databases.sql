-- Prefect keeps its own runs in its own database; the ledger never shares it.
CREATE DATABASE prefect OWNER mailroom;
