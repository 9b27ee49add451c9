"""What AWS documents, as dated data: actions, resources with policies, condition keys, identity providers.

Every file beside this one says when it was taken and from where. `refresh` makes the derived ones anew.
"""
