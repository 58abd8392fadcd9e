"""Evidence on metrics: expositions, rules, dashboards and their references."""
