"""Which loaders a file gets. Decided before the start marker, by reading bytes only: nothing of the file runs here."""

from . import archives, loaders, packing, python_source
from .sniffing import decompressed_head, format_of_head, formats_of
from .sources import Source

STEPS = {
    "torch-zip": [loaders.torch_zip],
    "torchscript": [loaders.torchscript],
    "torch-legacy": [loaders.torch_legacy],
    "torch-tar": [loaders.torch_legacy],
    "pickle": [loaders.pickle_streams],
    "joblib": [loaders.joblib_file],
    "numpy": [loaders.numpy_file],
    "numpy-zip": [loaders.numpy_file, archives.zip_others],
    "zip": [archives.zip_members],
    "zip-behind": [loaders.zip_behind],
    "tar": [archives.tar_members],
    "7z": [archives.seven_zip_members],
    "python": [python_source.imported],
}


def plan(path, name, hint):
    """The source and its steps, each a function from the source to results."""
    source = Source.of_file(path, name)
    steps = steps_for(source, hint)
    if python_source.imported in steps:
        python_source.prepare(source)
    return source, steps


def steps_for(source, hint="unknown"):
    steps = []
    for kind in formats_of(source, hint):
        for step in STEPS.get(kind) or compressed_steps(source, kind):
            if step not in steps:
                steps.append(step)
    return steps


def compressed_steps(source, kind):
    """joblib opens its own compressed files, as pandas does with pickles; anything else is a wrapper."""
    if not packing.is_packed(kind):
        return [loaders.nothing]
    inner = format_of_head(decompressed_head(source, kind), "unknown")
    return [loaders.compressed_joblib(kind)] if inner == "pickle" else [archives.decompressed(kind)]
