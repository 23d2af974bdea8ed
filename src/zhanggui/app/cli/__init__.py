"""The command line. Start at `main.build_app`; modules here load their rooms only when a command is called."""
