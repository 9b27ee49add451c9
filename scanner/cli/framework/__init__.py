"""`ourside framework`: controls, and what is known of them."""
