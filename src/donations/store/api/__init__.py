"""What only the API needs: lists by id, tokens, requests that may be repeated."""
