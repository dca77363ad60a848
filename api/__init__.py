"""The doors: HTTP routes, pages, the command line, and the use cases they share."""
