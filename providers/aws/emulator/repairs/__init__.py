"""Answers that moto gets wrong, one function per operation, each with what AWS documents and what moto does.

A repair takes the account and the operation and gives the members of the output shape, or raises `Refused`.
"""
