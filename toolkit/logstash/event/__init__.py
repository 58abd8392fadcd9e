"""Events: their fields and values as Logstash, Ruby and Java treat them."""
