"""Evidence on Elasticsearch: templates, mappings, indexed values and figures."""
