"""Tables, migrations, the one writer, and the reads that are not queries."""
