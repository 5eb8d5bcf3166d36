"""Tries the lab itself:  probe.py serve PORT  answers ranges of zeros;  probe.py fetch ADDRESS PORT BYTES  prints how many came, how many of them
are no zeros, and the seconds it took, or `no` when nobody was reached within a second."""
import http.client
import http.server
import re
import sys
import time


class Zeros(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
        self.send_response(206)
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Content-Range", f"bytes {first}-{last}/*")
        self.end_headers()
        for at in range(first, last + 1, 1 << 18):
            self.wfile.write(bytes(min(1 << 18, last + 1 - at)))

    def log_message(self, *_):
        pass


def fetch(address, port, count):
    began, came, wrong = time.monotonic(), 0, 0
    connection = http.client.HTTPConnection(address, port, timeout=1)
    try:
        connection.connect()
        connection.sock.settimeout(10)
        connection.request("GET", "/v1/blobs/00ff", headers={"Range": f"bytes=0-{count - 1}"})
        answer = connection.getresponse()
        while data := answer.read(1 << 18):
            came += len(data)
            wrong += len(data) - data.count(0)
    except OSError:
        print("no")
        return
    print(came, wrong, time.monotonic() - began)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        server = http.server.ThreadingHTTPServer(("", int(sys.argv[2])), Zeros)
        print("listening", flush=True)
        server.serve_forever()
    else:
        fetch(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
