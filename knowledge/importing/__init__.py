"""Documents into articles.

The way of a file: bytes to numbered lines (`lines`), cut at the headings (`headings`, `division`), each article
freed of what strayed in (`junk`, `cleaning`), drafts (`regulation`, `sections`), repairs that one document
needs (`repairs`), entries and the report (`documents`, `report`). `entries` reads files that hold entries already.
"""
