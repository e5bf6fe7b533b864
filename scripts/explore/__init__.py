"""The warehouse in a browser: tables, queries and dashboards, by Datasette."""
