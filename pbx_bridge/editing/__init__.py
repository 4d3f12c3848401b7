"""The use cases that change a company's data: a module for each noun, a function for each change."""
