"""Languages that belong to no single system: expressions, date formats, positioned documents."""
