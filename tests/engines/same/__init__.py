"""The same exact integers on every engine. A new engine is one more line in `worlds.WORLDS`."""
