"""A machine of somebody else, as our HTTP client meets it."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Machine:
    """``answer(path, body) -> (status, media type, bytes)``; may be changed while it runs."""

    answer: Callable[[str, bytes], tuple[int, str, bytes]]
    address: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def machine(answer) -> Iterator[Machine]:
    found = Machine(answer)

    class Handler(http.server.BaseHTTPRequestHandler):
        def reply(self):
            found.asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, content = found.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = reply

        def log_message(self, *args):
            pass

        def handle(self):
            with suppress(ConnectionError):  # who asked had waited long enough
                super().handle()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
