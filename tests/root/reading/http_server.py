"""A web server for one folder that serves byte ranges, several in one answer too, as ROOT asks for them.
usage: http_server.py FOLDER PORTFILE"""
import http.server
import os
import re
import sys

folder, port_file = sys.argv[1:]
BOUNDARY = "part"


class Ranges(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, with_body):
        path = os.path.join(folder, os.path.basename(self.path.split("?")[0]))
        if not os.path.isfile(path):
            return self.send_error(404)
        with open(path, "rb") as file:
            data = file.read()
        ranges = [(int(a), int(b)) for a, b in re.findall(r"(\d+)-(\d+)", self.headers.get("Range", ""))]
        kind = "application/octet-stream"
        if not ranges:
            body = data
        elif len(ranges) == 1:
            body = data[ranges[0][0] : ranges[0][1] + 1]
        else:
            kind = f"multipart/byteranges; boundary={BOUNDARY}"
            body = b"".join(
                f"\r\n--{BOUNDARY}\r\nContent-type: application/octet-stream\r\n"
                f"Content-range: bytes {a}-{b}/{len(data)}\r\n\r\n".encode() + data[a : b + 1]
                for a, b in ranges
            ) + f"\r\n--{BOUNDARY}--\r\n".encode()
        self.send_response(206 if ranges else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        if len(ranges) == 1:
            self.send_header("Content-Range", f"bytes {ranges[0][0]}-{ranges[0][1]}/{len(data)}")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ranges)
with open(port_file + ".new", "w") as file:
    print(server.server_port, file=file)
os.rename(port_file + ".new", port_file)  # whoever waits for the file finds it complete
server.serve_forever()
