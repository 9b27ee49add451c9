"""What Azure's documents say, as typed values. Both evaluators read these and share nothing else."""
