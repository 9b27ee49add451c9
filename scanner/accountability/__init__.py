"""Who answers for a failure, who has accepted it, and what people attest: the files that a customer writes."""
