"""Questions over all forms: planned as a typed query, carried out over the store and the index, answered with citations, verified."""
