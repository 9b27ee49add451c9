"""Who outside can reach a resource: questions over all requests, answered with candidates for witnesses."""
