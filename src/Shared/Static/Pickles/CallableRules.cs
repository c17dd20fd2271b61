using System.Collections.Frozen;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>What a name says about whoever calls it while loading a model.</summary>
internal enum Callable
{
    /// <summary>Rebuilds tensors, arrays, containers, estimators: every benign file calls such.</summary>
    Familiar,

    /// <summary>Outside the allow-list; nothing is known against it.</summary>
    Unusual,

    /// <summary>Runs programs or text, opens files or the network, reaches into the interpreter.</summary>
    Dangerous,
}

/// <summary>
/// Sorts callables. The closed part is the allow-list; the list of dangerous names can only ever be incomplete (a name that is
/// on neither is unusual, and the sandbox sees what it does). Sources: the gadgets collected by picklescan, fickling and modelscan, and
/// the callables that torch, numpy, scikit-learn, pandas, joblib, dill and cloudpickle write.
/// </summary>
internal static class CallableRules
{
    /// <summary>Modules of which no part belongs into a model file, with all below them.</summary>
    private static readonly FrozenSet<string> DangerousModules = new[]
    {
        "os", "posix", "nt", "subprocess", "_posixsubprocess", "_winapi", "pty", "popen2", "sys", "shutil", "runpy", "codeop", "pdb", "bdb",
        "timeit", "cProfile", "pydoc", "doctest", "cgitb", "idlelib", "lib2to3", "webbrowser", "antigravity", "ensurepip", "venv", "pip",
        "distutils", "setuptools", "site", "sysconfig", "_osx_support", "_aix_support", "socket", "_socket", "socketserver", "ssl", "select", "http",
        "httplib", "urllib", "urllib2", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib", "poplib", "imaplib", "nntplib",
        "xmlrpc", "paramiko", "asyncio", "multiprocessing", "concurrent", "threading", "_thread", "signal", "ctypes", "_ctypes", "cffi", "mmap",
        "importlib", "imp", "pkgutil", "zipimport", "zipfile", "tarfile", "tempfile", "glob", "fileinput", "linecache", "marshal", "shelve", "dbm",
        "sqlite3", "gc", "inspect", "faulthandler", "fcntl", "termios", "platform", "getpass", "pwd", "crontab", "atexit", "weakref.finalize",
        "logging.config", "tkinter", "turtle", "readline", "numpy.testing", "numpy.f2py", "numpy.distutils", "numpy.ctypeslib", "torch.hub",
        "torch.utils.cpp_extension", "torch.utils.bottleneck", "torch.utils.collect_env", "torch._inductor", "torch._dynamo", "torch.package",
        "torch.distributed.run", "torch.distributed.launch", "torch.multiprocessing", "IPython", "pexpect", "psutil",
    }.ToFrozenSet();

    /// <summary>Single names of modules that are otherwise fine.</summary>
    private static readonly FrozenSet<string> DangerousNames = new[]
    {
        "builtins.eval", "builtins.exec", "builtins.execfile", "builtins.compile", "builtins.__import__", "builtins.open", "builtins.file",
        "builtins.input", "builtins.raw_input", "builtins.breakpoint", "builtins.exit", "builtins.quit", "builtins.globals", "builtins.locals",
        "builtins.vars", "builtins.help", "builtins.delattr", "builtins.reload", "_io.open", "_io.FileIO", "_io.open_code",
        "io.open", "io.FileIO", "io.open_code", "_pyio.open", "_pyio.FileIO", "codecs.open", "time.sleep", "uuid._get_command_stdout",
        "pickle.loads", "pickle.load", "pickle.Unpickler", "pickle._load", "pickle._loads", "_pickle.loads", "_pickle.load", "_pickle.Unpickler",
        "dill.loads", "dill.load", "dill._dill.loads", "dill._dill.load", "dill.source.getsource", "cloudpickle.loads", "cloudpickle.load",
        "cloudpickle.cloudpickle.loads", "cloudpickle.cloudpickle.load", "joblib.load", "joblib.numpy_pickle.load", "pandas.read_pickle",
        "pandas.io.pickle.read_pickle", "pandas.eval", "pandas.core.computation.eval.eval", "numpy.load", "numpy.save", "numpy.fromfile",
        "numpy.lib.npyio.load", "numpy.lib.npyio.save", "numpy.core.multiarray.fromfile", "numpy.memmap", "numpy.core.memmap.memmap",
        "numpy.loadtxt", "numpy.genfromtxt", "numpy.safe_eval", "torch.load", "torch.serialization.load", "torch.save", "torch.serialization.save",
        "torch.jit.load", "torch.jit._serialization.load", "torch.jit.unsupported_tensor_ops.execWrapper", "torch.fx.graph_module._forward_from_src",
        "torch.fx.graph_module._exec_with_source", "torch.utils._config_module.load_config",
        "torch.utils.data.datapipes.utils.decoder.basichandlers", "torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression",
        "collections.abc.Callable.__class_getitem__.__globals__", "code.InteractiveInterpreter", "code.InteractiveConsole", "code.interact",
        "trace.Trace", "profile.run", "profile.runctx", "profile.Profile", "pathlib.Path.write_text", "pathlib.Path.write_bytes",
        "pathlib.Path.read_text", "pathlib.Path.read_bytes", "pathlib.Path.unlink", "pathlib.Path.open", "pathlib.PosixPath.write_text",
        "pathlib.PosixPath.write_bytes", "pathlib.PosixPath.read_text", "pathlib.PosixPath.read_bytes", "pathlib.PosixPath.unlink",
        "pathlib.PosixPath.open", "copyreg.pickle", "copyreg.add_extension", "codecs.register", "codecs.register_error", "torch.ops.load_library",
        "torch.classes.load_library", "torch.serialization.register_package", "torch.utils.model_zoo.load_url", "logging.FileHandler",
        "logging.handlers.SocketHandler", "logging.handlers.DatagramHandler", "logging.handlers.HTTPHandler", "logging.handlers.SMTPHandler",
        "logging.handlers.SysLogHandler", "pandas.read_csv", "pandas.read_json", "pandas.read_html", "pandas.io.parsers.readers.read_csv",
        "pandas.io.common.get_handle", "pandas.io.common.urlopen", "numpy.DataSource", "numpy.lib._datasource.DataSource", "numpy.lib.npyio.DataSource",
        "_operator.setitem", "operator.setitem", "_operator.delitem", "operator.delitem",
    }.ToFrozenSet();

    /// <summary>Names of dangerous modules that are data or pure, and do occur in benign files.</summary>
    private static readonly FrozenSet<string> HarmlessNames = new[]
    {
        "os.PathLike", "os.fspath", "os.stat_result", "posix.stat_result", "os.terminal_size", "sys.maxsize", "sys.intern", "sys.float_info",
        "sys.version_info", "sys.flags", "http.HTTPStatus", "urllib.parse.ParseResult", "urllib.parse.SplitResult", "urllib.parse.urlparse",
        "urllib.parse.quote", "threading.Lock", "threading.RLock", "threading.Event", "threading.Condition", "threading.local",
        "_thread.allocate_lock", "_thread.RLock", "_thread._local", "signal.Signals", "signal.SIGTERM", "inspect.Signature", "inspect.Parameter",
        "inspect._ParameterKind", "inspect._empty", "inspect.BoundArguments", "platform.uname_result", "multiprocessing.context.DefaultContext",
        "torch._dynamo.eval_frame.OptimizedModule", "numpy.testing.assert_allclose",
    }.ToFrozenSet();

    /// <summary>Packages whose classes and rebuilders are everyday contents of model files.</summary>
    private static readonly FrozenSet<string> FamiliarPackages = new[]
    {
        "torch", "torchvision", "torchaudio", "numpy", "scipy", "sklearn", "pandas", "joblib", "dill", "cloudpickle", "transformers", "tokenizers",
        "diffusers", "peft", "accelerate", "datasets", "evaluate", "pytorch_lightning", "lightning", "lightning_fabric", "torchmetrics",
        "ultralytics", "models", "fairseq", "fairseq2", "omegaconf", "hydra", "timm", "xgboost", "lightgbm", "catboost", "keras", "tensorflow",
        "jax", "jaxlib", "flax", "optax", "sentence_transformers", "spacy", "thinc", "gensim", "nltk", "flair", "speechbrain", "espnet", "nemo",
        "stable_baselines3", "gym", "gymnasium", "mmcv", "mmengine", "detectron2", "fastai", "fastcore", "imblearn", "category_encoders", "mlflow",
        "deepspeed", "apex", "bitsandbytes", "easydict", "yacs", "addict", "ml_collections", "pydantic", "attr", "attrs", "PIL", "cv2", "skimage",
        "networkx", "statsmodels", "collections", "_collections", "copyreg", "copy", "datetime", "_datetime", "decimal", "_decimal", "fractions",
        "uuid", "pathlib", "enum", "types", "typing", "typing_extensions", "string", "re", "sre_compile", "random", "argparse", "functools",
        "_functools", "itertools", "abc", "_abc", "_codecs", "array", "dataclasses", "numbers", "warnings", "contextlib", "zoneinfo", "pytz",
        "dateutil", "math", "cmath", "_operator", "operator", "heapq", "bisect", "weakref", "logging", "_io", "io", "__main__", "__torch__",
        "_random", "posixpath", "ntpath",
    }.ToFrozenSet();

    /// <summary>Names of familiar packages that build code or reach through objects: used by benign writers of functions, yet worth a look.</summary>
    private static readonly FrozenSet<string> UnusualNames = new[]
    {
        "types.CodeType", "types.FunctionType", "types.LambdaType", "types.MethodType", "dill._dill._create_code", "dill._dill._create_function",
        "dill._dill._import_module", "dill._dill._eval_repr", "dill._dill._setattr", "cloudpickle.cloudpickle._make_function", "cloudpickle.cloudpickle._builtin_type",
        "cloudpickle.cloudpickle._make_skel_func", "cloudpickle.cloudpickle.subimport", "cloudpickle.cloudpickle.dynamic_subimport",
        "operator.attrgetter", "operator.methodcaller", "_operator.attrgetter", "_operator.methodcaller", "functools.reduce", "_functools.reduce",
    }.ToFrozenSet();

    /// <summary>The only built-in names that rebuild data.</summary>
    private static readonly FrozenSet<string> FamiliarBuiltins = new[]
    {
        "set", "frozenset", "slice", "range", "xrange", "complex", "bytearray", "bytes", "dict", "list", "tuple", "int", "long", "float", "str",
        "unicode", "bool", "object", "type", "getattr", "Ellipsis", "NotImplemented", "print", "len", "max", "min", "sum", "abs", "sorted",
        "reversed", "zip", "enumerate", "round", "id", "hash", "repr", "iter", "property", "staticmethod", "classmethod", "super", "memoryview",
        "Exception", "ValueError", "KeyError", "TypeError", "RuntimeError", "AttributeError", "IndexError", "NotImplementedError",
    }.ToFrozenSet();

    /// <summary>Attributes that lead from any object to the interpreter.</summary>
    private static readonly FrozenSet<string> ReachingAttributes = new[]
    {
        "__globals__", "__builtins__", "__subclasses__", "__import__", "__code__", "__loader__", "__getattribute__", "__mro__", "__bases__",
        "f_globals", "gi_frame", "func_globals", "tb_frame",
    }.ToFrozenSet();

    /// <summary>Modules that make and give back other modules or callables.</summary>
    public static bool IsImport(string full) => full is "builtins.__import__" or "importlib.import_module"
        or "importlib.__import__" or "importlib._bootstrap._gcd_import" or "dill._dill._import_module" or "cloudpickle.cloudpickle.subimport";

    public static bool IsGetAttribute(string full) => full is "builtins.getattr" or "dill._dill._get_attr"
        or "dill._dill._getattribute" or "pickle._getattribute" or "inspect.getattr_static";

    /// <summary>Callables that set an attribute; dill fills the cells of a closure with them, an attack replaces a library's function.</summary>
    public static bool IsSetAttribute(string full) => full is "builtins.setattr" or "dill._dill._setattr";

    /// <summary>Callables whose result is code that came with the file.</summary>
    public static bool MakesFunction(string full) => full is "types.FunctionType" or "types.LambdaType" or "dill._dill._create_function"
        or "cloudpickle.cloudpickle._make_function" or "cloudpickle.cloudpickle._make_skel_func";

    /// <summary>Callables that rebuild a code object from its parts.</summary>
    public static bool MakesCode(string full) => full is "types.CodeType" or "builtins.code" or "dill._dill._create_code"
        or "cloudpickle.cloudpickle._make_function" or "cloudpickle.cloudpickle._builtin_type" or "dill._dill._create_function";

    public static bool ReachesInterpreter(string attribute) => ReachingAttributes.Contains(attribute);

    /// <summary>Modules keep others under a name with an underscore in front: <c>random._os</c> is <c>os</c>.</summary>
    public static bool IsDangerousModule(string module) =>
        DangerousModules.Contains(module) || module is "builtins" or "__builtins__" || (module.StartsWith('_') && DangerousModules.Contains(module.TrimStart('_')));

    /// <summary>Sorts a global by module and (dotted) name. Names of Python 2 are taken for what Python 3 makes of them.</summary>
    public static Callable Of(string module, string name)
    {
        // Protocols below 3 write Python 2's module names, and an unpickler turns them back: subprocess.Popen is stored as commands.Popen.
        module = module switch
        {
            "commands" => "subprocess",
            "thread" or "dummy_thread" => "_thread",
            "whichdb" or "anydbm" => "dbm",
            "__builtin__" or "__builtins__" or "exceptions" => "builtins",
            "copy_reg" => "copyreg",
            "cPickle" => "_pickle",
            _ => module,
        };
        var full = $"{module}.{name}";
        if (HarmlessNames.Contains(full))
        {
            return Callable.Unusual;
        }

        if (DangerousNames.Contains(full)
            || AnyPrefix(module, DangerousModules)
            || DangerousModules.Contains(full)
            || (name.Contains('.') && LeadsToDanger(module, name)))
        {
            return Callable.Dangerous;
        }

        return module == "builtins" ? (FamiliarBuiltins.Contains(name) ? Callable.Familiar : Callable.Unusual)
            : UnusualNames.Contains(full) ? Callable.Unusual
            : FamiliarPackages.Contains(module.Split('.')[0]) ? Callable.Familiar
            : Callable.Unusual;
    }

    /// <summary>A dotted name is a walk over attributes: <c>torch.serialization</c> and <c>os.system</c> give <c>os.system</c>.</summary>
    private static bool LeadsToDanger(string module, string name)
    {
        var parts = name.Split('.', 16);
        if (parts.Any(ReachingAttributes.Contains))
        {
            return true;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            var rest = string.Join('.', parts[(i + 1)..]);
            if (rest.Length > 0 && (IsDangerousModule(parts[i]) || parts[i] == "io") && (Of(parts[i], rest) == Callable.Dangerous || Of(parts[i].TrimStart('_'), rest) == Callable.Dangerous))
            {
                return true;
            }

            if (i > 0 && DangerousNames.Contains($"{module}.{string.Join('.', parts[..i])}"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyPrefix(string module, FrozenSet<string> modules)
    {
        for (var end = module.Length; end > 0; end = module.LastIndexOf('.', end - 1))
        {
            if (modules.Contains(module[..end]))
            {
                return true;
            }
        }

        return false;
    }
}
