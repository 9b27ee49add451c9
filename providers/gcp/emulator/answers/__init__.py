"""What each method answers, made from the tree."""
