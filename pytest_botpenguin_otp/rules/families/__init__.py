"""The rules of the catalogue, one table for each family."""
