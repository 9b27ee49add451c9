"""Running supported, patched software in the layers that the customer operates."""
