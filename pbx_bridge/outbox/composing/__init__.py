"""The words of each message, in the language of whoever reads them."""
