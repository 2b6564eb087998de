"""Opinion groups found in agree/disagree/pass votes: exploratory, counted with numpy, and never loaded by the web."""
