"""A peer that lies: stands in front of a node's chunk server and changes bytes of what it sends. Run in the node's namespace, with its connections
redirected to it:  liar.py LISTEN-PORT ADDRESS PORT SHARE

The same bytes of a blob are wrong each time, as with a bad disk: one byte in a SHARE of its pieces of 1 MiB. Prints `lied N` after each lie.
"""
import hashlib
import re
import socket
import sys
import threading

PIECE = 1 << 20
_told = threading.Lock()
_lies = 0


def wrong_at(blob, piece, share):
    """The offset of the wrong byte in a piece of a blob; None for a true one."""
    digest = hashlib.sha256(f"{blob}:{piece}".encode()).digest()
    if int.from_bytes(digest[:4], "big") >= share * 2**32:
        return None
    return piece * PIECE + int.from_bytes(digest[4:8], "big") % PIECE


def lie(data, blob, offset, share):
    """The data, which is the blob's from this offset on, with its wrong bytes."""
    global _lies
    changed = None
    for piece in range(offset // PIECE, (offset + len(data) - 1) // PIECE + 1):
        at = wrong_at(blob, piece, share)
        if at is not None and offset <= at < offset + len(data):
            changed = changed or bytearray(data)
            changed[at - offset] ^= 0xFF
            with _told:
                _lies += 1
                print(f"lied {_lies}", flush=True)
    return changed or data


def head(stream):
    """An HTTP head; empty at the end of the stream."""
    lines = b""
    while not lines.endswith(b"\r\n\r\n"):
        line = stream.readline(8192)
        if not line:
            return b""
        lines += line
    return lines


def serve(client, target, share):
    with client, socket.create_connection(target, 10) as server:
        server.settimeout(60)
        client.settimeout(60)
        asking, answering = client.makefile("rb"), server.makefile("rb", 1 << 18)
        while True:
            asked = head(asking)
            if not asked:
                return
            server.sendall(asked)
            answer = head(answering)
            if not answer:
                return
            client.sendall(answer)
            length = re.search(rb"\r\ncontent-length: *(\d+)", answer, re.IGNORECASE)
            left = int(length[1]) if length else 0
            blob = re.search(rb"/blobs/(\w+)", asked)
            first = re.search(rb"\r\ncontent-range: *bytes (\d+)-", answer, re.IGNORECASE)
            offset = int(first[1]) if first else 0
            while left:
                data = answering.read1(min(left, 1 << 18))
                if not data:
                    return
                left -= len(data)
                client.sendall(lie(data, blob[1].decode(), offset, share) if blob and first else data)
                offset += len(data)
            if re.search(rb"\r\nconnection: *close", answer, re.IGNORECASE):
                return


def run(client, target, share):
    try:
        serve(client, target, share)
    except OSError:
        pass  # either side left


def main():
    port, target, share = int(sys.argv[1]), (sys.argv[2], int(sys.argv[3])), float(sys.argv[4])
    with socket.create_server(("", port), backlog=64) as server:
        print("listening", flush=True)
        while True:
            client, _ = server.accept()
            threading.Thread(target=run, args=(client, target, share), daemon=True).start()


if __name__ == "__main__":
    main()
