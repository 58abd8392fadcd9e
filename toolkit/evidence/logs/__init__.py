"""Evidence on logs: lines, pipelines and the events that lines become."""
