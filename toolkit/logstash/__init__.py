"""An emulation of Logstash: its configuration language, its events and its filters.

It does not depend on contracts or checks and can be used by itself.
"""
