"""An emulation of Elasticsearch: index templates, and the indexing of documents by a mapping.

It does not depend on contracts or checks and can be used by itself.
"""
