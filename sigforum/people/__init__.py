"""Persons, memberships, roles, invitations and signing in."""
