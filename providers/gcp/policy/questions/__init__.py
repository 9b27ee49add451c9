"""Questions over all requests: who outside can get in. Each answer is confirmed by the concrete evaluator."""
