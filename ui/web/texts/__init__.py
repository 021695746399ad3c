"""What the pages say, a table per page: key to (Chinese, English). Keys begin with the name of their page."""
