"""The telephone system: everything that speaks AMI, the manager interface of Asterisk."""
