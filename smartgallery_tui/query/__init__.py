"""Query text to a tree, to SQL, to bitmaps: search, result pages, facets and suggestions."""
