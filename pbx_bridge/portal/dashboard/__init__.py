"""The page on which a company begins."""
