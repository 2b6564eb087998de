"""Meetings, their days, slots, forum sessions and questions, and the import of agendas."""
