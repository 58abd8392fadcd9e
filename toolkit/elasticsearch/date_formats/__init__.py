"""The date formats of Elasticsearch: Java's patterns, formats by name, and its own ISO 8601."""
