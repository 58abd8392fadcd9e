"""Java's ``DateTimeFormatter``, as far as date formats of Elasticsearch use it.

`parse_pattern` reads a pattern into elements, each of which reads and prints one part of a
text; `resolve` makes an instant of what was read. Names of months and days are English, the
default ``locale`` of a date field.
"""
