"""The HTTP edge that knows no feature: errors, security headers, assets, rendering."""
