"""`ourside access`, `who-can` and `why`: questions about who may do what."""
