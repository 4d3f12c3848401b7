"""Stories in a real browser, named by what the person does."""
