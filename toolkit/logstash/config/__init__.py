"""The Logstash configuration language: text to syntax tree, and back."""
