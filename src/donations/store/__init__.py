"""The only SQL: tables, sessions, migrations, and the queries that the rest of the program needs."""
