"""Evidence on Kibana: saved objects, data views and the fields they read."""
