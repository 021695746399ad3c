"""A question as a typed query: orders dropped, names linked, words read, what is left a topic. `planner.plan` is the door."""
