"""What the store does with its tables, by concern; every function works on a connection inside a transaction that store.store opened.

Module      Owns
readings    a form as rows, and rows as a form
documents   documents, their pages and files: written and removed; documents_found: looked up
current     which version of a form is current, and what follows from that
changes     what people change, from the look-up to what is told of it
corrections the words of people: events, and their effect on a form
findings    what the checks found, per form and across the forms of a unit; units: what the latter looks at
lookup      finding one form by what a person calls it
listing     the list of forms, the versions of one, and the counts
runs        when what was written
"""
