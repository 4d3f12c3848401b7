"""Who runs the house is told when something needs a person: by mail, or by SMS where mail is what fails."""
