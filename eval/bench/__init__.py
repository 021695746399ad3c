"""Speed and memory of the whole path against the floor and against other readers, on the same pages in the same run."""
