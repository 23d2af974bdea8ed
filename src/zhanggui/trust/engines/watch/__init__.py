"""Is a day unlike the days before it?"""
