"""What programs need to come in: tokens with their scopes, and the keys of requests that may be repeated."""
