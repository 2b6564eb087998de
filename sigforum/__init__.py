"""sigforum: where invited experts reach consensus and can prove it."""
