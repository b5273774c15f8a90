"""From a payment to an outcome with its reason: keyword, account and identity decide, never the amount alone."""
