"""Work beside the pages: begun with what causes it, done once by whoever is free, seen from every server."""
