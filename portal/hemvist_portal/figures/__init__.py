"""Figures to steer by (nyckeltal): told numbers as periods, pictures, sheets and the meeting's report.

Nothing here asks the database: everything is made of what the API told.
"""
