"""Whose duty a finding is: layers, duties and frameworks as data, and their resolution for one resource."""
