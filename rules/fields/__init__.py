"""One declaration for each field of what a company says; forms, files, rows and notices follow from it."""
