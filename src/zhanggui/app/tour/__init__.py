"""Two minutes that convince: see the shop learn, try a file of one's own, try to cheat. No login, and nothing stays."""
