"""A secretariat in a box: PBX, phones, mailbox and a cast to play with."""
