"""``make rehearse-upgrade``: the previous release with payments under way becomes this one, and goes back again.

Both trees are deployed into one local cloud as they are; what is held against each other afterwards are the books.
"""
