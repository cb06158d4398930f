"""The terminal app: screens, widgets, keys and pictures on top of the library."""
