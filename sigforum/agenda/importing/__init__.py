"""Reading agendas: one file a format, found by being in this folder."""
