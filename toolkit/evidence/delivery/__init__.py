"""Evidence on delivery: which of the lines sent are indexed, missing, rejected or duplicated."""
