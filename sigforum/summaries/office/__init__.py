"""Writers of office files; the libraries behind them are loaded only where such a file is made."""
