""" "Ich bin weg bis …": where a subaccount begins."""
