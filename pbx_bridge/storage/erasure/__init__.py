"""All of one caller, or of one employee, within one company: counted, collected, erased; and the protocol."""
