"""Forms at rest: relational tables that are the truth, with their migrations, and what is exported from them."""

from store.home import resolve_home
from store.records import FormFilter
from store.store import Store

__all__ = ["FormFilter", "Store", "resolve_home"]
