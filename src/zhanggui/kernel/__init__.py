"""The floor that every room stands on. It is no room: import its modules by name (`zhanggui.kernel.db`)."""
