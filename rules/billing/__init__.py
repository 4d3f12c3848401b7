"""What a company owes for a month: the terms of its tariff, what was used, and the statement of both."""
