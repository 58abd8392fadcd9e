"""Java's ``java.time.format.DateTimeFormatter``, in English.

`parse_pattern` reads a pattern into elements, each of which reads and prints one part of a
text; `resolve` makes a date and a time of what was read.
"""
