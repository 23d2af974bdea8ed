"""The ways out of the morning brief: how it is worded, e-mail, and the robots of three team chats."""
