"""Headers in which proxies say who asks and for which host: read here, from as many as the operator named."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

# Whatever of these a request carries was written by a proxy, or by whoever sends the request.
_PREFIX, _STANDARD = "HTTP_X_FORWARDED_", "HTTP_FORWARDED"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def bind(app: Flask) -> None:
    """Take what the operator's proxies say as the request's own, and take every such header away.

    It goes around the whole application, the live edge included: the library below it believes these headers by itself.
    """
    without = _Without(app.wsgi_app)
    proxies = app.config["SETTINGS"].proxies
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        without, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else without


class _Without:
    """An application that never sees the headers."""

    def __init__(self, application: Wsgi) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for name in [name for name in environ if name.startswith(_PREFIX) or name == _STANDARD]:
            del environ[name]
        return self.application(environ, start_response)
