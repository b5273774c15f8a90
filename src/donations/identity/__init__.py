"""Which statement lines attest the same payment, which days are covered, and what the balances prove."""
