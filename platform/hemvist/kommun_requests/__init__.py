"""The law's own ways between kommuner: an application in another one, a case that another takes over."""
